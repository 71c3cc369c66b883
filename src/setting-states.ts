/** Which settings are there, which are missing, and which are refused: by name and meaning, never by value. */
import { type Config, isSecret, ownSettings, readConfig, type SettingsSchema } from "./config.ts";
import { ConfigProblem } from "./errors.ts";

/** A setting whose value cannot be used, and why. */
export interface RefusedSetting {
  readonly name: string;
  readonly why: string;
  readonly fix: string;
}

/** One setting as an administrator sees it. */
export interface SettingState {
  readonly name: string;
  /** What it is and where its value is found. */
  readonly about: string;
  readonly state: "set" | "missing" | "refused";
  /** Nothing works, or no ticket arrives, without it. */
  readonly needed: boolean;
  readonly isSecret: boolean;
  /** Why it is refused; null = it is not. */
  readonly why: string | null;
  readonly fix: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings of connectors that cannot be used, each tried alone. The service's own settings are not looked at. */
export function refusedSettings(
  env: Environment,
  connectors: readonly SettingsSchema[],
): readonly RefusedSetting[] {
  const names = [...new Set(connectors.flatMap((schema) => Object.keys(schema.shape)))];
  return names.flatMap((name): readonly RefusedSetting[] => {
    try {
      readConfig({ [name]: env[name], [fileOf(name)]: env[fileOf(name)] }, connectors);
      return [];
    } catch (error) {
      if (!(error instanceof ConfigProblem)) throw error;
      const [first] = error.problems;
      return first === undefined ? [] : [{ name, why: first.what, fix: first.fix }];
    }
  });
}

/** The environment without what is refused: enough to show what is wrong. */
export function withoutRefused(env: Environment, refused: readonly RefusedSetting[]): Environment {
  const left = new Set(refused.flatMap(({ name }) => [name, fileOf(name)]));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !left.has(name)));
}

function fileOf(name: string): string {
  return `${name}_FILE`;
}

/**
 * Every setting, those of the connectors first. `needed` names what nothing works without; `A|B` = one of both, the first
 * where neither is there.
 */
export function settingStates(
  config: Pick<Config, "text" | "secret">,
  connectors: readonly SettingsSchema[],
  needed: readonly string[],
  refused: readonly RefusedSetting[],
): readonly SettingState[] {
  const isThere = (name: string): boolean =>
    (isSecret(name) ? config.secret(name) : config.text(name)) !== null;
  const wanted = new Set(
    needed.flatMap((names) => {
      const all = names.split("|");
      return all.some(isThere) ? all.filter(isThere) : all.slice(0, 1);
    }),
  );
  const shapes = [...connectors, ownSettings].flatMap((schema) => Object.entries(schema.shape));
  return shapes.map(([name, shape]) => {
    const problem = refused.find((one) => one.name === name);
    return {
      name,
      about: shape.description ?? "",
      state: problem !== undefined ? "refused" : isThere(name) ? "set" : "missing",
      needed: wanted.has(name),
      isSecret: isSecret(name),
      why: problem?.why ?? null,
      fix: problem?.fix ?? null,
    };
  });
}
