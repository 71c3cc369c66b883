/** What can go wrong with a call, by where it goes. The first of each list is the plainest: failures shrink towards it. */
import { NeedsAdmin, Outdated, Paused, StoreUnavailable, TryAgain } from "../../src/errors.ts";
import type { Boundary, Call, Fault, Simulation } from "./simulation.ts";

/** What faults need of the world around them. */
export interface FaultWorld {
  readonly simulation: Simulation;
  /** Kills the caller; somebody starts it again later. */
  readonly kill: (call: Call) => void;
  /** The next write of a ticket meets a person between the desk's check and its write. */
  readonly squeeze: () => void;
}

const DEADLINE_MS = 10_000;
const LATE_MS: readonly number[] = [400, 3_000, 9_000, 14_000];
const FREEZES_MS: readonly number[] = [12_000, 20_000, 45_000, 200_000];

type Maker = <T>(world: FaultWorld, call: Call, effect: () => T) => Promise<T>;

const never = <T>(): Promise<T> => new Promise(() => {});

/** It fails and nothing has happened. */
function refused(name: string, failure: () => Error): Maker {
  return ({ simulation }, call) =>
    simulation.calmly({ ...call, what: `${call.what} (${name})` }, () => {
      throw failure();
    });
}

/** It happens, and the caller hears that it failed. */
function unheard(name: string, failure: () => Error): Maker {
  return ({ simulation }, call, effect) =>
    simulation.calmly({ ...call, what: `${call.what} (done, but ${name})` }, () => {
      effect();
      throw failure();
    });
}

/** The caller gives up after its deadline, or dies; the effect comes when it likes. */
function late(dies: boolean): Maker {
  return (world, call, effect) => {
    const { simulation } = world;
    const delay = LATE_MS[simulation.roll(dies ? 3 : LATE_MS.length)] ?? 0;
    simulation.later(delay, () => {
      try {
        effect();
        simulation.tell(call.life.name, `${call.what} (arrives ${delay} ms late)`);
      } catch (error) {
        simulation.tell(call.life.name, `${call.what} (late, ${String(error)})`);
      }
    });
    if (dies) {
      world.kill(call);
      return never();
    }
    return new Promise((_resolve, reject) => {
      simulation.later(DEADLINE_MS, () => reject(new TryAgain("no answer in time")));
    });
  };
}

/** It happens, and the caller stands still before it hears of it. */
const frozen: Maker = ({ simulation }, call, effect) =>
  simulation.calmly(call, () => {
    const value = effect();
    const ms = FREEZES_MS[simulation.roll(FREEZES_MS.length)] ?? 0;
    call.life.frozenUntil = simulation.now() + ms;
    simulation.tell(call.life.name, `stands still for ${ms / 1000} s after: ${call.what}`);
    return value;
  });

const dies: Maker = (world, call) => {
  world.kill(call);
  return never();
};

const diesAfter: Maker = (world, call, effect) => {
  void world.simulation
    .calmly(call, () => {
      effect();
      world.kill(call);
    })
    .catch(() => {});
  return never();
};

const squeezed: Maker = ({ simulation, squeeze }, call, effect) =>
  simulation.calmly(call, () => {
    squeeze();
    return effect();
  });

const gone = (): Error => new StoreUnavailable("the database does not answer");
const timeout = (): Error => new TryAgain("no answer in time");
const broken = (): Error => new TryAgain("answered 500");
const busy = (): Error => new Paused("answered 429", { upstream: "desk", afterMs: 7_000 });
const revoked = (): Error => new Paused("answered 401", { upstream: "desk", fix: "Renew the token." });
const forbidden = (): Error => new NeedsAdmin("answered 403", { fix: "Check the rights." });
const outdated = (): Error => new Outdated("answered 409");

const READ: readonly Maker[] = [
  refused("time-out", timeout),
  dies,
  frozen,
  refused("500", broken),
  refused("429", busy),
  refused("401", revoked),
  refused("403", forbidden),
];

const WRITE: readonly Maker[] = [
  refused("time-out", timeout),
  unheard("time-out", timeout),
  diesAfter,
  late(false),
  dies,
  late(true),
  refused("409", outdated),
  unheard("500", broken),
  refused("429", busy),
  frozen,
  refused("401", revoked),
  refused("403", forbidden),
  squeezed,
  squeezed,
];

/** A CRM knows no conditional write. */
const CRM_WRITE = WRITE.filter((_maker, index) => ![6, 12, 13].includes(index));

const MISHAPS: Readonly<Record<Boundary, readonly Maker[]>> = {
  "store read": [refused("store away", gone), dies, frozen],
  "store write": [refused("store away", gone), unheard("answer lost", gone), diesAfter, dies, frozen],
  "desk read": READ,
  "crm read": READ,
  "desk write": WRITE,
  "crm write": CRM_WRITE,
};

/** The fault that a mishap's code means at a boundary. */
export function faultsOf(world: () => FaultWorld): <T>(code: number, boundary: Boundary) => Fault<T> {
  return (code, boundary) => {
    const makers = MISHAPS[boundary];
    const maker = makers[code % makers.length];
    return (call, effect) => (maker === undefined ? Promise.resolve(effect()) : maker(world(), call, effect));
  };
}
