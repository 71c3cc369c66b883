/** Is everything we depend on there? For `/readyz`, and for whoever is on call. */
import type { Dependency } from "./http-server.ts";
import type { Clock, Store } from "./ports.ts";
import type { SyncState } from "./sync-schedule.ts";

/** State of store, help desk and CRM, each in one line. */
export async function dependenciesOf(
  store: Store,
  deskBlockedUntil: () => number,
  sync: () => SyncState | null,
  clock: Clock,
): Promise<readonly Dependency[]> {
  const backlog = await store.inbox.backlog().catch(() => null);
  const blockedMs = deskBlockedUntil() - clock.now();
  const crm = sync();
  const age = backlog?.oldestPendingMs ?? 0;
  return [
    {
      name: "store",
      ok: backlog !== null,
      detail:
        backlog === null
          ? "cannot be read"
          : `${backlog.pending} waiting, oldest ${Math.round(age / 1000)} s, ${backlog.parked} parked`,
    },
    {
      name: "help desk",
      ok: blockedMs <= 60_000,
      detail: blockedMs > 0 ? `held back for ${Math.ceil(blockedMs / 1000)} s` : "open",
    },
    ...(crm === null
      ? []
      : [
          {
            name: "crm",
            ok: crm.error === null,
            detail:
              crm.error ??
              (crm.at === null
                ? "not synced yet"
                : `synced ${Math.round((clock.now() - crm.at) / 1000)} s ago`),
          },
        ]),
  ];
}
