import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { apiDescription } from "../../src/console/routes.ts";
import { apiTypes, typesFile } from "./api-types.ts";

test("the pages call the API as it describes itself (else: node test/console/api-types.ts --write)", async () => {
  expect(readFileSync(typesFile, "utf8")).toBe(await apiTypes(apiDescription()));
});
