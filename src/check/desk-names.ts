/** Does the help desk have every group, brand, form and field that the policy names, and each of them once? Pure. */
import type { Policy } from "../policy/model.ts";

import type { DeskField, DeskSetup, DeskShape } from "../ports.ts";
import { organizationFields } from "../provision/desired-fields.ts";
import { broken, type CheckLine, doubtful, fine, sameName } from "./line.ts";
import { didYouMean } from "./nearest-name.ts";

const RENAME = "Admin Center > People > Team > Groups";

/** One line for each group that is missing or ambiguous; one in all where everything is there. */
export function groupLines(policy: Policy, shape: DeskShape): readonly CheckLine[] {
  const wanted = groupsOf(policy);
  const have = shape.groups.map((group) => group.name);
  const lines = wanted.flatMap((name) => {
    const hits = have.filter((one) => one === name).length;
    if (hits === 1) return [];
    const what = `group ${name}`;
    return hits === 0
      ? [
          broken(
            "desk",
            what,
            `The policy routes to "${name}"; there is no such group.`,
            `Make the group (${RENAME}) or correct the name in the policy${didYouMean(name, have)}.`,
          ),
        ]
      : [
          broken(
            "desk",
            what,
            `${hits} groups are called "${name}": nobody can say which one is meant.`,
            `Rename all but one (${RENAME}).`,
          ),
        ];
  });
  return lines.length > 0 ? lines : [fine("desk", "groups", `all ${wanted.length} groups are there`)];
}

/** Every group the policy can route to. */
function groupsOf(policy: Policy): readonly string[] {
  const routed = policy.tiers.flatMap(({ routing }) => [
    routing.group,
    ...routing.fallback,
    routing.afterHours.group,
  ]);
  const named = [...Object.keys(policy.groups), ...routed, ...policy.routing.reroutableGroups];
  return [...new Set(named)].filter((name) => name !== null);
}

/** Brands of a pilot and forms that keep their group: missing ones would silently change who is served. */
export function brandAndFormLines(policy: Policy, shape: DeskShape): readonly CheckLine[] {
  const brands = policy.desk.brands.flatMap((name) => {
    const hits = shape.brands.filter((one) => one.name === name || one.id === name).length;
    if (hits === 1) return [fine("desk", `brand ${name}`, "is there")];
    const names = shape.brands.map((one) => one.name);
    return [
      broken(
        "desk",
        `brand ${name}`,
        hits === 0 ? "There is no such brand; the pilot covers nobody." : `${hits} brands carry this name.`,
        `Correct desk.zendesk.brands${didYouMean(name, names)}, or name the brand by its id.`,
      ),
    ];
  });
  const forms = policy.routing.keepGroupForms.flatMap((name) =>
    name === "default" || shape.forms.some((form) => sameName(form.name, name))
      ? []
      : [
          doubtful(
            "desk",
            `form ${name}`,
            "There is no ticket form of this name, so it keeps no group.",
            `Correct routing.keep_group_forms${didYouMean(
              name,
              shape.forms.map((form) => form.name),
            )}.`,
          ),
        ],
  );
  return [...brands, ...forms];
}

/** Our fields on organizations, with the drop-down's options. */
export function organizationFieldLines(policy: Policy, setup: DeskSetup): readonly CheckLine[] {
  const active = setup.organizationFields.filter((field) => field.active);
  const lines = organizationFields(policy).flatMap(({ key, fields }) => {
    const found = active.find((field) => field.key === key);
    return found === undefined ? [missingField(key, active)] : otherType(found, fields.type);
  });
  const tier = active.find((field) => field.key === `${policy.prefix}tier`);
  const all = [...lines, ...(tier === undefined ? [] : tierFieldLines(policy, tier))];
  return all.length > 0 ? all : [fine("desk", "organization fields", "all of ours are there")];
}

function missingField(key: string, active: readonly DeskField[]): CheckLine {
  const near = didYouMean(
    key,
    active.map((field) => field.key),
  );
  return broken(
    "desk",
    `organization field ${key}`,
    `There is no active organization field with the key ${key}${near}; a key cannot be changed, so a renamed one is another field.`,
    `Make it (Admin Center > People > Configuration > Organization fields) with exactly the key ${key}.`,
  );
}

/** A key that something else took first: what we write would be refused or read as something else. */
function otherType({ key, type }: DeskField, wanted: string): readonly CheckLine[] {
  const fits = type === wanted || (wanted === "text" && type === "textarea");
  // What a drop-down must be like has lines of its own.
  if (fits || wanted === "dropdown") return [];
  return [
    broken(
      "desk",
      `organization field ${key}`,
      `It is a ${type} field; it must be of type ${wanted}. Key and type of a field can never be changed.`,
      `Find out which app uses it. If nobody does, delete it and make a ${wanted} field with the same key; otherwise choose another tag_namespace in the policy.`,
    ),
  ];
}

function tierFieldLines(policy: Policy, field: DeskField): readonly CheckLine[] {
  const name = `organization field ${field.key}`;
  if (field.type !== "dropdown")
    return [
      broken(
        "desk",
        name,
        `It is a ${field.type} field; it must be a drop-down, so that Zendesk sets the tier's tag by itself.`,
        "Delete it and make a drop-down with the same key.",
      ),
    ];
  const lost = policy.tiers
    .map((tier) => `${policy.prefix}tier_${tier.id}`)
    .filter((tag) => !field.options.includes(tag));
  return lost.length === 0
    ? []
    : [
        broken(
          "desk",
          name,
          `Its options lack the tags ${lost.join(", ")}.`,
          "Add an option with that tag for each tier; the option's title is free.",
        ),
      ];
}

/** The field that carries severity, and what marks a VIP. */
export function ticketFieldLines(policy: Policy, shape: DeskShape, setup: DeskSetup): readonly CheckLine[] {
  const { impactField, vip } = policy.desk;
  return [
    ...(impactField === null ? [] : [impactLine(impactField, setup)]),
    ...(vip === null ? [] : [vipLine(vip, setup)]),
    shape.tierField
      ? fine("desk", "ticket field for the tier", "is there")
      : fine("desk", "ticket field for the tier", "there is none; the tier is shown by its tag"),
  ];
}

function impactLine(wanted: string, setup: DeskSetup): CheckLine {
  const name = `impact field ${wanted}`;
  const active = setup.ticketFields.filter((field) => field.active);
  const hits = active.filter((field) => field.id === wanted.trim() || sameName(field.title, wanted));
  if (hits.length === 1) return fine("desk", name, "is there");
  const titles = active.map((field) => field.title);
  if (hits.length === 0)
    return broken(
      "desk",
      name,
      "There is no active ticket field of this title or id, so the customer's severity is not read.",
      `Correct desk.zendesk.impact_field${didYouMean(wanted, titles)}, or name the field by its id.`,
    );
  return broken(
    "desk",
    name,
    `${hits.length} ticket fields carry this title.`,
    `Name the field by its id in desk.zendesk.impact_field (one of ${hits.map((field) => field.id).join(", ")}).`,
  );
}

function vipLine(wanted: string, setup: DeskSetup): CheckLine {
  const name = `vip ${wanted}`;
  const field = setup.userFields?.find((one) => one.key === wanted && one.active);
  if (field === undefined)
    return fine("desk", name, "no user field has this key; users with this tag are VIPs");
  if (field.type === "checkbox") return fine("desk", name, "a checkbox field of users");
  return doubtful(
    "desk",
    name,
    `The user field ${wanted} is a ${field.type} field, not a checkbox; only users with the tag are VIPs.`,
    "Make it a checkbox, or give desk.zendesk.vip the name of a tag.",
  );
}
