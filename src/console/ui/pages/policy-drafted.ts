/** What the draft's text says: its findings, its tiers as a form, what a key in it means. Asked once it stands still. */
import {
  keepPreviousData,
  useIsMutating,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useDeferredValue, useRef } from "react";
import { type Answer, call, type Input } from "../client.ts";

export type Policy = Answer<"get /policy">;
export type Finding = Policy["findings"][number];
export type PolicyForm = Answer<"post /policy/form">;
export type FormTier = NonNullable<PolicyForm["tiers"]>[number];
export type FormField = FormTier["fields"][number];
export type FormChange = Omit<Input<"post /policy/form/change">["body"], "yaml">;

/** Whoever types goes on within this time: only what stands still is asked about. */
const STILL_MS = 350;

async function standStill(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, STILL_MS));
  signal.throwIfAborted();
}

/** What the linter says of a draft. */
export interface Linted {
  readonly findings: readonly Finding[];
  readonly failure: Error | null;
  readonly isChecking: boolean;
  readonly ok: boolean;
}

/** Findings of the text as it is now; while it is being typed, those of a moment ago. */
export function useLint(yaml: string, policy: Policy): Linted {
  const text = useDeferredValue(yaml);
  const asked = useQuery({
    queryKey: ["lint", text],
    queryFn: async ({ signal }) => {
      await standStill(signal);
      return call("post /policy/lint", { body: { yaml: text } });
    },
    enabled: text !== policy.yaml,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const isChecking = asked.isFetching || text !== yaml;
  const findings = text === policy.yaml ? policy.findings : (asked.data?.findings ?? []);
  const ok = !isChecking && asked.error === null && !findings.some((one) => one.severity === "error");
  return { findings, failure: asked.error, isChecking, ok };
}

/** What changes or tries the draft, one after the other. */
export const DRAFTING = "the draft of the policy";

const WRITING = ["policy form change"];
const formKey = (yaml: string): readonly unknown[] => ["policy form", yaml];

/** The tiers of the text as a form. */
export function useForm(yaml: string) {
  return useQuery({
    queryKey: formKey(yaml),
    queryFn: () => call("post /policy/form", { body: { yaml } }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Writes changes of the form into the text, one after the other: each begins with what the one before made. */
export function useFormChange(yaml: string, keep: (yaml: string) => void) {
  const queries = useQueryClient();
  const latest = useRef(yaml);
  latest.current = yaml;
  return useMutation({
    mutationKey: WRITING,
    scope: { id: DRAFTING },
    mutationFn: async (change: FormChange) => {
      const made = await call("post /policy/form/change", { body: { yaml: latest.current, ...change } });
      queries.setQueryData(formKey(made.yaml), made);
      latest.current = made.yaml;
      keep(made.yaml);
    },
  });
}

/** A change of the form is on its way into the text: what the text says now is about to be old. */
export function useIsWriting(): boolean {
  return useIsMutating({ mutationKey: WRITING }) > 0;
}

/** What the schema says of the key at a place of the text; `at` null = the cursor was nowhere yet. */
export function useKeyHelp(yaml: string, at: number | null) {
  return useQuery({
    queryKey: ["policy help", yaml, at],
    queryFn: async ({ signal }) => {
      await standStill(signal);
      return call("post /policy/help", { body: { yaml, at: at ?? 0 } });
    },
    enabled: at !== null,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}
