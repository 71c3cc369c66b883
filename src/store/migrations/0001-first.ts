/** The first shape of the store. */
import { POSTGRES, SQLITE, spell } from "../dialect.ts";
import type { Migration } from "./migration.ts";

const INBOX = [
  `create table deliveries (
    id {id} primary key, source {id} not null, kind {id} not null,
    subject_id {id} not null, subject_key {id} not null,
    event_key {id}, invocation_key {id}, bytes_key {id} not null,
    hint text, account_ids text not null, flagged integer not null, body text,
    lane integer not null, received_at bigint not null, run_at bigint not null, attempts integer not null,
    state text not null, result text, reason text, fix text, settled_at bigint)`,
  "create unique index deliveries_event on deliveries (source, event_key)",
  "create unique index deliveries_invocation on deliveries (source, invocation_key)",
  "create unique index deliveries_bytes on deliveries (source, bytes_key)",
  `create index deliveries_pending on deliveries (lane, received_at, id, run_at, kind, source, subject_key)
    where state = 'pending'`,
  "create index deliveries_subject on deliveries (kind, source, subject_key) where state = 'pending'",
  "create index deliveries_parked on deliveries (settled_at) where state = 'parked'",
  "create index deliveries_done on deliveries (settled_at) where state = 'done'",
  "create index deliveries_bodies on deliveries (settled_at) where state = 'done' and body is not null",
  `create table claims (
    kind {id} not null, source {id} not null, subject_key {id} not null,
    owner text not null, locked_until bigint not null, primary key (kind, source, subject_key))`,
];

const LEDGER = [
  `create table decisions (
    seq {seq}, id {id} not null unique, ticket_id {id} not null, decided_at bigint not null,
    action text not null, state text not null, record text not null, verification text)`,
  "create index decisions_ticket on decisions (ticket_id, decided_at, seq)",
  "create index decisions_age on decisions (decided_at, seq)",
  `create table held (
    account_id {id} primary key, tier text, basis text, lower_since bigint,
    waitlisted text not null, as_of bigint not null)`,
  "create index held_waitlisted on held (account_id) where waitlisted <> '[]'",
  "create index held_grace on held (account_id) where lower_since is not null",
  `create table entitlements (
    account_id {id} primary key, tier {id} not null, basis text not null, reasons text not null,
    as_of bigint not null, policy_version text not null)`,
  "create index entitlements_tier on entitlements (tier, account_id)",
];

const ACCOUNTS = [
  `create table accounts (
    id {id} primary key, source {id} not null, source_id {id} not null, parent_id {id},
    account text not null, updated_at text, aliases text not null, label text,
    synced_at bigint, gone_on text)`,
  "create unique index accounts_source on accounts (source, source_id)",
  "create index accounts_parent on accounts (parent_id) where parent_id is not null",
  "create table account_domains (domain {id} not null, account_id {id} not null, primary key (domain, account_id))",
  "create index account_domains_account on account_domains (account_id)",
  "create table account_aliases (source {id} not null, old_id {id} not null, new_id {id} not null, primary key (source, old_id))",
  "create table pending_accounts (account_id {id} primary key)",
  "create table confirmations (source {id} primary key, confirmed_at bigint not null)",
  "create table organizations (id {id} primary key, organization text not null)",
  `create table organization_index (
    kind {id} not null, value {id} not null, organization_id {id} not null,
    primary key (kind, value, organization_id))`,
  "create index organization_index_organization on organization_index (organization_id)",
  "create table links (organization_id {id} primary key, account_id {id} not null unique, how text not null)",
];

const RUNS = [
  `create table runs (
    seq {seq}, id {id} not null unique, kind {id} not null, started_at bigint not null, ended_at bigint,
    counts text not null, error text)`,
  "create index runs_kind on runs (kind, started_at, seq)",
  `create table sync_writes (
    seq {seq}, run_id {id} not null, target {id} not null, target_id {id} not null, account_id {id} not null,
    before_image text not null, after_image text not null, state text not null, reason text not null,
    policy_version text not null, written_at bigint not null, unique (run_id, target, target_id))`,
  "create index sync_writes_account on sync_writes (account_id, written_at, seq)",
  `create table reviews (
    account_id {id} not null, code {id} not null, detail {id} not null, since bigint not null,
    primary key (account_id, code, detail))`,
  "create index reviews_since on reviews (since)",
];

const REGISTER = [
  "create table cursors (name {id} primary key, value text not null)",
  "create table settings (name {id} primary key, value text not null)",
  "create table leases (name {id} primary key, owner text not null, locked_until bigint not null)",
  `create table policies (
    seq {seq}, version {id} not null unique, content_hash text not null, content text not null,
    effective_from text, stored_at bigint not null)`,
];

const STATEMENTS = [...INBOX, ...LEDGER, ...ACCOUNTS, ...RUNS, ...REGISTER];

/** Inbox, ledger, accounts, organizations, runs and register. */
export const FIRST: Migration = {
  id: "0001-first",
  sqlite: STATEMENTS.map((sql) => spell(sql, SQLITE, null)),
  postgres: STATEMENTS.map((sql) => spell(sql, POSTGRES, null)),
};
