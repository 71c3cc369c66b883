/** A file of the service, kept by the browser under its own name. */
import { useMutation } from "@tanstack/react-query";
import { Button } from "@zendeskgarden/react-buttons";
import type { ReactNode } from "react";
import { fetchFile } from "../client.ts";
import { Failed } from "./states.tsx";

interface DownloadProps {
  /** Below `/api/v1`, with what is asked. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly children: ReactNode;
}

/** The button; while the file is made it waits, and a failure says what to do. */
export function Download({ path, query, children }: DownloadProps) {
  const file = useMutation({ mutationFn: () => keep(path, query) });
  return (
    <>
      <Button size="small" disabled={file.isPending} onClick={() => file.mutate()}>
        {children}
      </Button>
      {file.error !== null && <Failed error={file.error} />}
    </>
  );
}

/** A link with the session in a header is not possible: the file is fetched, then handed to the browser. */
async function keep(path: string, query: DownloadProps["query"]): Promise<void> {
  const { name, content } = await fetchFile(path, query);
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
