/** Choices on the mapping page before they are anything: held in the page, tried on real accounts as they are made. */
import { keepPreviousData, type QueryClient, useQuery } from "@tanstack/react-query";
import { type Answer, type CallFailed, call } from "../client.ts";

export type CrmFields = Answer<"get /crm/fields">;
export type CrmFact = CrmFields["facts"][number];
export type CrmField = CrmFields["fields"][number];
type Policy = Answer<"get /policy">;

/** Where a fact is taken from. */
export type Source = Pick<CrmFact, "property" | "currency" | "currencyProperty">;

/** What was chosen: facts by the policy file's key, plan values with their tier's id. */
export interface Choices {
  readonly facts: Readonly<Record<string, Source>>;
  readonly planMap: Readonly<Record<string, string>>;
}

export const NOTHING: Choices = { facts: {}, planMap: {} };

/** How many choices differ from the policy. */
export function countOf({ facts, planMap }: Choices): number {
  return Object.keys(facts).length + Object.keys(planMap).length;
}

/** With one more choice; one that says what the policy says is none. */
export function withFact(choices: Choices, fact: CrmFact, source: Source): Choices {
  const { [fact.key]: _before, ...others } = choices.facts;
  const isSame =
    source.property === fact.property &&
    source.currency === fact.currency &&
    source.currencyProperty === fact.currencyProperty;
  return { ...choices, facts: isSame ? others : { ...others, [fact.key]: source } };
}

/** Where a fact would be taken from. */
export function sourceOf(fact: CrmFact, choices: Choices): Source {
  return choices.facts[fact.key] ?? fact;
}

/** Properties that are chosen, or mapped where nothing was chosen. */
export function namesIn(facts: readonly CrmFact[], choices: Choices): readonly string[] {
  const named = facts.flatMap((fact) => {
    const { property, currencyProperty } = sourceOf(fact, choices);
    return [...(property ?? "").split(",").map((one) => one.trim()), currencyProperty ?? ""];
  });
  return [...new Set(named)].filter((name) => name !== "");
}

/** Whoever chooses goes on within this time: only what stands still is tried. */
const SETTLED_MS = 400;

/** The policy's text with the choices in it, and what it would do. */
export function useTried(policy: Policy, choices: Choices) {
  return useQuery<Tried, CallFailed>({
    queryKey: ["tried", policy.hash, choices],
    queryFn: async ({ signal }) => {
      await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
      signal.throwIfAborted();
      const draft = await call("post /crm/draft", { body: { yaml: policy.yaml, ...choices } });
      const preview = draft.ok ? await call("post /crm/preview", { body: { yaml: draft.yaml } }) : null;
      return { draft, preview };
    },
    enabled: countOf(choices) > 0,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
}

export interface Tried {
  readonly draft: Answer<"post /crm/draft">;
  /** null = the draft has errors. */
  readonly preview: Answer<"post /crm/preview"> | null;
}

const DRAFT = ["the draft from the mapping"];

/** A text that the policy page begins its draft with, as long as the policy it was made from is the newest. */
export interface HandedDraft {
  readonly base: string;
  readonly yaml: string;
}

/** Hands a draft over to the policy page. */
export function handDraft(queries: QueryClient, draft: HandedDraft): void {
  queries.setQueryData(DRAFT, draft);
}

/** The draft that was handed over for this policy; null = none. */
export function handedDraft(queries: QueryClient, base: string): string | null {
  const draft = queries.getQueryData<HandedDraft>(DRAFT);
  return draft?.base === base ? draft.yaml : null;
}
