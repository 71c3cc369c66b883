/** Beside an organization: its tier and what it rests on, contract, exceptions, how the tier moved, its tickets. */
import { FormattedMessage } from "react-intl";
import { type Answer, useAnswer } from "./client.ts";
import { Quiet, Stack } from "./parts/look.tsx";
import { useSay } from "./parts/said.ts";
import { Amount, Dash, Day, PartOf, Short, TierTag } from "./parts/words.tsx";
import { HealthPart } from "./sidebar-health.tsx";
import { Between, Pairs, Part, Plain, peopleLines, Warnings, Why } from "./sidebar-parts.tsx";
import { Tickets } from "./sidebar-tickets.tsx";
import type { DeskFrame } from "./zaf.ts";

type Organization = Answer<"get /organizations/{id}/sidebar">;

const AGAIN_MS = 60_000;

/** What stands beside an organization. */
export function useOrganization(id: string) {
  return useAnswer("get /organizations/{id}/sidebar", { params: { id } }, { everyMs: AGAIN_MS });
}

/** The panel. */
export function OrganizationPanel({
  frame,
  organization,
}: {
  readonly frame: DeskFrame;
  readonly organization: Organization;
}) {
  const { account, tier, warnings, reasons, factsAt, tickets } = organization;
  return (
    <Stack $gap="sm">
      <Stack $gap="xs">
        <Quiet>{account?.name ?? account?.id ?? <FormattedMessage id="sidebar.nobody" />}</Quiet>
        <h1>{tier.name}</h1>
      </Stack>
      <Warnings warnings={warnings} />
      <Standing organization={organization} />
      <Why reasons={reasons} factsAt={factsAt} />
      <Overrides overrides={organization.overrides} />
      <History history={organization.history} />
      <HealthPart health={organization.health} />
      <Attainment attainment={organization.attainment} />
      <Tickets title="sidebar.tickets" none="sidebar.noTickets" tickets={tickets} frame={frame} />
    </Stack>
  );
}

/** Money is left out where the reader may not see it, which is not the same as not known. */
function Standing({ organization }: { readonly organization: Organization }) {
  const say = useSay();
  const { basisSaid, arr, contract, people } = organization;
  return (
    <Part title="sidebar.standing">
      <Pairs
        of={[
          ["sidebar.basis", basisSaid === null ? <Dash key="basis" /> : say(basisSaid)],
          ...(arr === null ? [] : [["sidebar.arr", <Amount key="arr" money={arr} />] as const]),
          ["sidebar.contract", <Contract key="contract" contract={contract} />],
          ...peopleLines(people),
        ]}
      />
    </Part>
  );
}

/** Kept of those that came due; what still runs is told apart, for it is neither. */
function Attainment({ attainment }: { readonly attainment: Organization["attainment"] }) {
  const { attached, promised, days, targets, factsThrough } = attainment;
  return (
    <Part title="sidebar.promises">
      <Pairs
        of={[
          ...targets.map(
            ({ metric, kept, late, running }) =>
              [
                `sidebar.metric.${metric}`,
                <Kept key={metric} kept={kept} late={late} running={running} />,
              ] as const,
          ),
          ["sidebar.kept", <PartOf key="kept" part={attached} whole={promised} />],
        ]}
      />
      <Quiet>
        {factsThrough === null ? (
          <FormattedMessage id="sidebar.noEvents" />
        ) : (
          <FormattedMessage id="sidebar.through" values={{ days, time: <Short at={factsThrough} /> }} />
        )}
      </Quiet>
    </Part>
  );
}

function Kept({
  kept,
  late,
  running,
}: {
  readonly kept: number;
  readonly late: number;
  readonly running: number;
}) {
  return (
    <>
      <PartOf part={kept} whole={kept + late} />
      {running > 0 && (
        <Quiet>
          {" "}
          <FormattedMessage id="sidebar.running" values={{ running }} />
        </Quiet>
      )}
    </>
  );
}

function Contract({ contract }: { readonly contract: Organization["contract"] }) {
  if (contract === null || (contract.start === null && contract.end === null)) return <Dash />;
  return (
    <>
      {contract.start === null ? "…" : <Day on={contract.start} />} –{" "}
      {contract.end === null ? "…" : <Day on={contract.end} />}
      {contract.renewalInProgress && (
        <div>
          <Quiet>
            <FormattedMessage id="sidebar.renewal" />
          </Quiet>
        </div>
      )}
    </>
  );
}

function Overrides({ overrides }: { readonly overrides: Organization["overrides"] }) {
  if (overrides.length === 0) return null;
  return (
    <Part title="sidebar.overrides">
      <Plain>
        {overrides.map((one) => (
          <li key={one.id}>
            <Between>
              <FormattedMessage id="sidebar.override" values={{ kind: one.kind, tier: one.tier.name }} />
              <Quiet>
                {one.expiresAt !== null && (
                  <FormattedMessage id="sidebar.until" values={{ time: <Short at={one.expiresAt} /> }} />
                )}
              </Quiet>
            </Between>
            <Quiet>
              {one.reason} · <FormattedMessage id="sidebar.approved" values={{ by: one.approvedBy }} />
            </Quiet>
          </li>
        ))}
      </Plain>
    </Part>
  );
}

function History({ history }: { readonly history: Organization["history"] }) {
  return (
    <Part title="sidebar.history">
      {history.length === 0 ? (
        <Quiet>
          <FormattedMessage id="sidebar.noHistory" />
        </Quiet>
      ) : (
        <Plain>
          {history.map(({ at, to }) => (
            <li key={at}>
              <Between>
                <TierTag tier={to} />
                <Quiet>
                  <Short at={at} />
                </Quiet>
              </Between>
            </li>
          ))}
        </Plain>
      )}
    </Part>
  );
}
