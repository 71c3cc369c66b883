/** Does the help desk have every group, brand, form and field that the policy names, and each of them once? Pure. */
import type { Policy } from "../policy/model.ts";
import { desiredFields } from "../policy/reconcile.ts";
import type { DeskField, DeskSetup, DeskShape } from "../ports.ts";
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
  const { prefix } = policy;
  const active = setup.organizationFields.filter((field) => field.active);
  const missing = fieldKeys(policy).filter((key) => !active.some((field) => field.key === key));
  const lines = missing.map((key) =>
    broken(
      "desk",
      `organization field ${key}`,
      `There is no active organization field with the key ${key}${didYouMean(
        key,
        active.map((field) => field.key),
      )}; a key cannot be changed, so a renamed one is another field.`,
      `Make it (Admin Center > People > Configuration > Organization fields) with exactly the key ${key}.`,
    ),
  );
  const tier = active.find((field) => field.key === `${prefix}tier`);
  const all = [...lines, ...(tier === undefined ? [] : tierFieldLines(policy, tier))];
  return all.length > 0 ? all : [fine("desk", "organization fields", "all of ours are there")];
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

/** Keys of the fields a sync writes, asked of the rules that fill them. */
function fieldKeys(policy: Policy): readonly string[] {
  const nobody = {
    id: "",
    name: null,
    plan: null,
    arr: null,
    status: "active" as const,
    contractStart: null,
    contractEnd: null,
    renewalInProgress: false,
    addons: [],
    parentId: null,
    standalone: false,
    trial: null,
    tam: null,
    domains: [],
    syncedAt: null,
    goneOn: null,
    unreadable: [],
  };
  const verdict = { tier: policy.defaultTier, basis: "default" as const };
  const written = desiredFields({ accountId: "", account: nobody, verdict }, policy);
  return [...Object.keys(written), `${policy.prefix}changed_at`];
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
