/** A button for what should not happen by a slip: it says what will come of it, and asks. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "@zendeskgarden/react-buttons";
import { Body, Close, Footer, FooterItem, Header, Modal } from "@zendeskgarden/react-modals";
import { type ReactNode, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import type { Reading } from "../client.ts";
import { Stack } from "./look.tsx";
import { Failed } from "./states.tsx";

interface AskFirstProps {
  /** On the button that opens the question. */
  readonly label: ReactNode;
  readonly title: ReactNode;
  /** What will come of it. */
  readonly children: ReactNode;
  /** On the button that does it; left out = the same as `label`. */
  readonly confirm?: ReactNode;
  readonly isDanger?: boolean;
  readonly isPrimary?: boolean;
  readonly disabled?: boolean;
  readonly size?: "small" | "medium";
  readonly run: () => Promise<unknown>;
  /** Answers that are old afterwards; left out = all of them. */
  readonly outdates?: readonly Reading[];
}

/** The button and its question; a failure is shown in it, and it stays open. */
export function AskFirst(props: AskFirstProps) {
  const { label, isDanger = false, isPrimary = false, disabled = false, size = "small" } = props;
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <Button
        ref={button}
        size={size}
        isDanger={isDanger}
        isPrimary={isPrimary}
        disabled={disabled}
        onClick={() => setOpen(true)}
      >
        {label}
      </Button>
      {open && <Question {...props} close={() => setOpen(false)} />}
    </>
  );
}

function Question({ close, ...props }: AskFirstProps & { readonly close: () => void }) {
  const { title, children, label, confirm = label, isDanger = false, run, outdates } = props;
  const intl = useIntl();
  const queries = useQueryClient();
  const work = useMutation({
    mutationFn: run,
    onSettled: () =>
      outdates === undefined
        ? queries.invalidateQueries()
        : Promise.all(outdates.map((one) => queries.invalidateQueries({ queryKey: [one] }))),
    onSuccess: close,
  });
  return (
    <Modal onClose={close} role="alertdialog">
      <Header isDanger={isDanger}>{title}</Header>
      <Body>
        <Stack $gap="sm">
          {work.error !== null && <Failed error={work.error} />}
          <div>{children}</div>
        </Stack>
      </Body>
      <Footer>
        <FooterItem>
          <Button isBasic onClick={close}>
            <FormattedMessage id="ask.cancel" />
          </Button>
        </FooterItem>
        <FooterItem>
          <Button isPrimary isDanger={isDanger} disabled={work.isPending} onClick={() => work.mutate()}>
            {confirm}
          </Button>
        </FooterItem>
      </Footer>
      <Close aria-label={intl.formatMessage({ id: "ask.close" })} />
    </Modal>
  );
}
