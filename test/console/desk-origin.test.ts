import { describe, expect, test } from "@jest/globals";
import { deskOrigin } from "../../src/console/ui/desk-origin.ts";

const OURS = "https://acme.zendesk.com";

describe("messages are believed from our help desk alone", () => {
  test.each([
    ["our help desk", OURS, OURS],
    ["our help desk with a path", `${OURS}/agent/tickets/1`, OURS],
    ["another help desk", "https://other.zendesk.com", null],
    ["ours without encryption", "http://acme.zendesk.com", null],
    ["ours at another port", "https://acme.zendesk.com:8443", null],
    ["a host that only begins like ours", "https://acme.zendesk.com.evil.example", null],
    ["ours as a user name", "https://acme.zendesk.com@evil.example", null],
    ["no address", "acme", null],
    ["a page without origin", "null", null],
  ])("%s", (_who, origin, believed) => {
    expect(deskOrigin(`?origin=${encodeURIComponent(origin)}&app_guid=x`, OURS)).toBe(believed);
    expect(deskOrigin(`?origin=${encodeURIComponent(origin)}&app_guid=x`, null)).toBeNull();
  });

  test("and nobody where the address names none", () => {
    expect(deskOrigin("?app_guid=x", OURS)).toBeNull();
  });
});
