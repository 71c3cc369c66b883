/** Adds to lists of a policy's text and takes entries out, and leaves everything else as people wrote it. Pure. */
import { isMap, isSeq, parseDocument } from "yaml";
import { type EditPath, inFlow, rangeOf, trimmedEnd, type Written } from "./policy-edit.ts";

const LAYOUT = { lineWidth: 0, flowCollectionPadding: false };

/** The same text with `value` as the last entry of the list at `path`. @throws Error there is no list */
export function withItem(yaml: string, path: EditPath, value: Written): string {
  const document = parseDocument(yaml);
  const spliced = appendedItem(yaml, document.getIn([...path], true), inFlow(value));
  document.addIn([...path], document.createNode(value));
  return spliced !== null && saysTheSame(spliced, document) ? spliced : document.toString(LAYOUT);
}

/** The same text without the key or the entry at `path`. @throws Error an alias stands in the way */
export function withoutValue(yaml: string, path: EditPath): string {
  const document = parseDocument(yaml);
  if (!document.hasIn([...path])) return yaml;
  const spliced = cut(yaml, document.getIn(path.slice(0, -1), true), path.at(-1));
  document.deleteIn([...path]);
  return spliced !== null && saysTheSame(spliced, document) ? spliced : document.toString(LAYOUT);
}

function saysTheSame(yaml: string, wanted: ReturnType<typeof parseDocument>): boolean {
  const read = parseDocument(yaml);
  return read.errors.length === 0 && JSON.stringify(read.toJS()) === JSON.stringify(wanted.toJS());
}

function appendedItem(yaml: string, list: unknown, text: string): string | null {
  const range = rangeOf(list);
  if (!isSeq(list) || range === null) return null;
  if (list.flow === true) {
    const at = trimmedEnd(yaml, range[1] - 1);
    const comma = list.items.length === 0 || yaml[at - 1] === "," ? "" : ", ";
    return `${yaml.slice(0, at)}${comma}${text}${yaml.slice(range[1] - 1)}`;
  }
  const last = rangeOf(list.items.at(-1));
  if (last === null) return null;
  const indent = range[0] - (yaml.lastIndexOf("\n", range[0] - 1) + 1);
  const lineEnd = yaml.indexOf("\n", trimmedEnd(yaml, last[1]));
  const at = lineEnd < 0 ? yaml.length : lineEnd;
  return `${yaml.slice(0, at)}\n${" ".repeat(indent)}- ${text}${yaml.slice(at)}`;
}

type Span = readonly [begin: number, end: number];

/** Where the entries of a map or a list stand. */
function spansOf(yaml: string, above: unknown): readonly (Span | null)[] {
  if (isSeq(above))
    return above.items.map((item) => {
      const range = rangeOf(item);
      return range === null ? null : [range[0], trimmedEnd(yaml, range[1])];
    });
  if (!isMap(above)) return [];
  return above.items.map((pair): Span | null => {
    const key = rangeOf(pair.key);
    const value = rangeOf(pair.value) ?? key;
    return key === null || value === null ? null : [key[0], trimmedEnd(yaml, Math.max(key[1], value[1]))];
  });
}

function placeOf(above: unknown, step: string | number | undefined): number {
  if (typeof step === "number") return step;
  return isMap(above) ? above.items.findIndex(({ key }) => String(key) === step) : -1;
}

function cut(yaml: string, above: unknown, step: string | number | undefined): string | null {
  const spans = spansOf(yaml, above);
  const place = placeOf(above, step);
  const [before, own, after] = [spans[place - 1], spans[place], spans[place + 1]];
  if (!own || !(isMap(above) || isSeq(above))) return null;
  if (above.flow === true) {
    if (after) return `${yaml.slice(0, own[0])}${yaml.slice(after[0])}`;
    return `${yaml.slice(0, before ? before[1] : own[0])}${yaml.slice(own[1])}`;
  }
  const lineBegin = yaml.lastIndexOf("\n", own[0] - 1) + 1;
  const isAlone = (isSeq(above) ? /^ *- +$/ : /^ *$/).test(yaml.slice(lineBegin, own[0]));
  const lineEnd = yaml.indexOf("\n", own[1]);
  if (!isAlone || spans.length === 1) return null;
  return `${yaml.slice(0, lineBegin)}${lineEnd < 0 ? "" : yaml.slice(lineEnd + 1)}`;
}
