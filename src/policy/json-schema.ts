/** The policy file's schema in the form that editors understand. */
import * as z from "zod";
import { policyFile } from "./policy-schema.ts";

/** JSON Schema (draft 2020-12) of the policy file as authors write it; `docs/policy.schema.json` holds a copy. */
export function policyJsonSchema(): object {
  return {
    $id: "policy.schema.json",
    title: "priority-support policy",
    ...z.toJSONSchema(policyFile, { io: "input", unrepresentable: "any" }),
  };
}
