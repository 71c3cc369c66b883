/** Puts one parked delivery back to work. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "@zendeskgarden/react-buttons";
import { FormattedMessage } from "react-intl";
import { call, useAnswer } from "../client.ts";

/** The button, for administrators. */
export function Replay({ id }: { readonly id: string }) {
  const session = useAnswer("get /session", {});
  const queries = useQueryClient();
  const replay = useMutation({
    mutationFn: () => call("post /deliveries/replay", { body: { id } }),
    onSettled: () => queries.invalidateQueries(),
  });
  if (session.data?.role !== "admin") return null;
  return (
    <Button
      size="small"
      disabled={replay.isPending}
      title={replay.error?.message}
      onClick={() => replay.mutate()}
    >
      <FormattedMessage id={replay.isError ? "state.retry" : "parked.replay"} />
    </Button>
  );
}
