/** What the help desk calls an SLA metric in its clock events, which is not what it calls it in a policy. */

/**
 * A policy's metric (`first_reply_time`) → its name in the events (`reply_time`), where both replies share one; others keep
 * theirs. Zendesk's OpenAPI file of 2026-04-28, read 2026-11-22.
 */
export function metricInEvents(metric: string): string {
  if (metric === "first_reply_time" || metric === "next_reply_time") return "reply_time";
  return metric === "total_resolution_time" ? "resolution_time" : metric;
}
