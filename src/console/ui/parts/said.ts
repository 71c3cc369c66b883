/** The service's sentences in the reader's language. */
import { useIntl } from "react-intl";

/** A sentence as the service gives it. `text`: its name among the pages' texts; `args`: what it names. */
export interface Said {
  readonly words: string;
  readonly text: string;
  readonly args: Readonly<Record<string, string>>;
}

/** Says a sentence: in the reader's language where the pages have it, else in the service's own English. */
export function useSay(): (one: Said) => string {
  const { messages, formatMessage } = useIntl();
  return ({ words, text, args }) => {
    if (messages[text] === undefined) return words;
    const { what } = args;
    if (what === undefined) return formatMessage({ id: text }, args);
    const named = `what.${what}`;
    return formatMessage(
      { id: text },
      { ...args, what: messages[named] === undefined ? what : formatMessage({ id: named }) },
    );
  };
}

/** Names a priority of the help desk; one the pages have no word for keeps its own. null stays null. */
export function usePriority(): (priority: string | null) => string | null {
  const { messages, formatMessage } = useIntl();
  return (priority) => {
    const id = `priority.${priority}`;
    return messages[id] === undefined ? priority : formatMessage({ id });
  };
}

/** Names a fact by its code, for the head of a row; `words` stands in where the pages have no name for it. */
export function useFactName(): (fact: string, words: string) => string {
  const say = useSay();
  return (fact, words) => say({ words, text: `fact.${fact}`, args: {} });
}
