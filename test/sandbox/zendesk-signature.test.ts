import { expect, test } from "@jest/globals";
import { signature } from "../../src/sandbox/zendesk-post.ts";

// Vectors from aaronellington/zendesk-go and Zendesk's old documentation (read 2026-11-22).
test("follows published vectors: timestamp, then body, secret as it is", () => {
  expect(
    signature(
      "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==",
      "2021-03-25T05:09:27Z",
      '{"event":"ticket.updated","id":123}',
    ),
  ).toBe("S/RDdU2ERmj7LHDDoWJ2onPYH+t7/f2+LTM4dL7UiLM=");
  expect(
    signature("HRkRd4BeOAoUkfZr-mhauJT64rvBASlJRoIyPsd3zeA=", "2021-07-25T10:00:00Z", '{"say": "hello"}'),
  ).not.toBe("tRDSF7URY8BLCDlaBcQ7FHu051Zk+aAB0NKMP53teMw=");
});
