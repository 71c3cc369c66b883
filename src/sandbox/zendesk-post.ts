/** One signed webhook request over real HTTP. */
import { createHmac } from "node:crypto";
import { type Agent, request } from "node:http";
import type { AttemptRecord, WebhookRecord } from "./zendesk-records.ts";
import { iso, type World } from "./zendesk-world.ts";

/** Signs test requests made before a webhook has a secret of its own. Public by Zendesk's documentation. */
export const TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==";

/** base64 of HMAC-SHA256 over the timestamp header and the raw body, with the secret as the text it is. */
export const signature = (secret: string, timestamp: string, body: string): string =>
  createHmac("sha256", secret).update(timestamp).update(body).digest("base64");

/** What to send, where and how long to wait. */
export interface Shot {
  readonly webhook: Pick<
    WebhookRecord,
    "id" | "endpoint" | "httpMethod" | "requestFormat" | "authentication" | "customHeaders" | "secret"
  >;
  readonly invocationId: string;
  readonly payload: string;
  readonly timeoutMs: number;
}

/** The outcome of one try. `statusCode: null` = no answer in time or no connection. */
export interface Hit {
  readonly attempt: AttemptRecord;
  readonly retryAfter: string | null;
}

/** Sends one try, signed with the time of this try; never throws. `signal` cuts it off. */
export function shoot(world: World, agent: Agent, shot: Shot, signal: AbortSignal): Promise<Hit> {
  const { webhook } = shot;
  const bodiless = webhook.httpMethod === "GET" || webhook.httpMethod === "DELETE";
  const body = bodiless ? "" : shot.payload;
  const headers = headersFor(world, shot, body);
  return new Promise((resolve) => {
    const end = (
      statusCode: number | null,
      responseHeaders: Record<string, string>,
      responseBody: string,
    ): void => {
      const status = statusCode === null ? "failed" : statusCode < 300 ? "success" : "terminated";
      const attempt = {
        statusCode,
        status,
        requestHeaders: headers,
        responseHeaders,
        responseBody,
        at: world.now(),
      };
      resolve({ attempt, retryAfter: responseHeaders["retry-after"] ?? null });
    };
    const outgoing = request(
      webhook.endpoint,
      { method: webhook.httpMethod, headers, agent, signal, timeout: shot.timeoutMs },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", () => end(null, {}, ""));
        response.on("end", () => {
          const flat = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
          end(response.statusCode ?? null, Object.fromEntries(flat), Buffer.concat(chunks).toString());
        });
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error("no answer in time")));
    outgoing.on("error", () => end(null, {}, ""));
    outgoing.end(body);
  });
}

function headersFor(world: World, shot: Shot, body: string): Record<string, string> {
  const { webhook } = shot;
  const timestamp = iso(world.now()) ?? "";
  return {
    "X-Zendesk-Webhook-Signature-Timestamp": timestamp,
    "X-Zendesk-Webhook-Signature": signature(webhook.secret, timestamp, body),
    ...(body === ""
      ? {}
      : {
          "Content-Type": contentType(webhook.requestFormat),
          "Content-Length": String(Buffer.byteLength(body)),
        }),
    "User-Agent": "Zendesk Webhook",
    "X-Zendesk-Account-Id": String(world.accountId),
    "X-Zendesk-Webhook-Id": webhook.id,
    "X-Zendesk-Webhook-Invocation-Id": shot.invocationId,
    ...authorization(webhook),
    ...webhook.customHeaders,
  };
}

const contentType = (format: string): string =>
  format === "xml"
    ? "application/xml; charset=utf-8"
    : format === "form_encoded"
      ? "application/x-www-form-urlencoded; charset=utf-8"
      : "application/json; charset=utf-8";

function authorization(webhook: Shot["webhook"]): Record<string, string> {
  const data = webhook.authentication?.data as Readonly<Record<string, string>> | undefined;
  switch (webhook.authentication?.type) {
    case "basic_auth":
      return {
        Authorization: `Basic ${Buffer.from(`${data?.username}:${data?.password}`).toString("base64")}`,
      };
    case "bearer_token":
      return { Authorization: `Bearer ${data?.token}` };
    case "api_key":
      return { [data?.name ?? "x-api-key"]: data?.value ?? "" };
    default:
      return {};
  }
}
