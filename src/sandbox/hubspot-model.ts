/** What the CRM sandbox holds: records with their past, property definitions, owners. Types only. */
import type { Instant } from "../policy/model.ts";

/** Property → text; null or absent = empty. */
export type Values = Readonly<Record<string, string | null>>;

/** How a record looked from `since` on. `gone` = merged away or erased: no call finds it, not even among archived ones. */
export interface Version {
  readonly since: Instant;
  readonly values: Values;
  readonly updatedAt: Instant;
  readonly state: "live" | "archived" | "gone";
}

/** One record. `versions` is never empty, oldest first; the last one is how it is now. */
export interface CompanyRecord {
  readonly id: string;
  readonly createdAt: Instant;
  readonly versions: readonly Version[];
}

/** Types of property the sandbox knows. */
export type PropertyType = "string" | "number" | "date" | "datetime" | "bool" | "enumeration";

/** One choice of an enumeration. `value` is what records hold, `label` what people read. */
export interface PropertyOption {
  readonly label: string;
  readonly value: string;
  readonly displayOrder: number;
  readonly hidden: boolean;
}

/** A property definition as the API shows it. */
export interface PropertyDefinition {
  readonly name: string;
  readonly label: string;
  readonly type: PropertyType;
  readonly fieldType: string;
  readonly groupName: string;
  readonly description: string;
  readonly options: readonly PropertyOption[];
  readonly calculated: boolean;
  readonly hidden: boolean;
  readonly hasUniqueValue: boolean;
  readonly externalOptions: boolean;
  readonly referencedObjectType?: string;
  readonly showCurrencySymbol: boolean;
  readonly modificationMetadata: {
    readonly archivable: boolean;
    readonly readOnlyDefinition: boolean;
    readonly readOnlyValue: boolean;
  };
  readonly hubspotDefined: boolean;
  readonly archived: boolean;
}

/** A person who owns records. */
export interface OwnerRecord {
  readonly id: string;
  readonly userId: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly archived: boolean;
}

/** A rule that an administrator put on writes: `property` must not be empty, always or when another has a value. */
export interface RequiredRule {
  readonly property: string;
  readonly when?: { readonly property: string; readonly value: string };
}

/** A change that webhooks tell about. `value` is the new text; "" = cleared. */
export type CrmEvent =
  | { readonly kind: "creation" | "deletion" | "restore"; readonly id: string; readonly at: Instant }
  | {
      readonly kind: "propertyChange";
      readonly id: string;
      readonly at: Instant;
      readonly property: string;
      readonly value: string;
      readonly source: ChangeSource;
    }
  | {
      readonly kind: "associationChange";
      /** The company; the other end is `deal`. A primary link is told twice, plain and as primary. */
      readonly id: string;
      readonly at: Instant;
      readonly deal: string;
      readonly removed: boolean;
      readonly primary: boolean;
    }
  | {
      readonly kind: "merge";
      readonly id: string;
      readonly at: Instant;
      readonly primary: string;
      readonly merged: string;
      readonly moved: number;
    };

/** Who changed a record: a person in the CRM, or a call to the API. */
export type ChangeSource = "CRM_UI" | "INTEGRATION";

/** What may be looked at from outside. Live view; empty values are null. */
export interface HubspotState {
  /** Live and archived companies by id, oldest id first; merged and erased ones are not in it. */
  companies(): readonly {
    readonly id: string;
    readonly properties: Values;
    readonly archived: boolean;
    readonly updatedAt: Instant;
  }[];
  /** Current text of one property; null = empty or no such record. Old ids of merged records work. */
  value(id: string, property: string): string | null;
  /** Definitions in use, by name. */
  properties(): readonly PropertyDefinition[];
  owners(): readonly OwnerRecord[];
}
