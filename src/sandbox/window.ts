/** What a limiter says about one request. Seconds are whole and at least 1 while the window is open. */
export interface WindowVerdict {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Whole seconds until the window starts afresh. */
  readonly resetSeconds: number;
}

/** Counts requests per key in fixed windows. */
export interface WindowLimiter {
  /** Uses one unit (or `units`) of the key's window when it is free; a refused request uses none. */
  take(key: string, at: number, units?: number): WindowVerdict;
  /** The same answer without using anything. */
  peek(key: string, at: number): WindowVerdict;
}

/** A fixed-window limiter: `limit` units per `windowMs` and key; the first unit opens the window. */
export function windowLimiter(limit: number, windowMs: number): WindowLimiter {
  const windows = new Map<string, { readonly opened: number; used: number }>();
  const current = (key: string, at: number): { readonly opened: number; used: number } => {
    const known = windows.get(key);
    if (known !== undefined && at < known.opened + windowMs && at >= known.opened) return known;
    const fresh = { opened: at, used: 0 };
    windows.set(key, fresh);
    return fresh;
  };
  const verdict = (
    window: { opened: number; used: number },
    at: number,
    allowed: boolean,
  ): WindowVerdict => ({
    allowed,
    limit,
    remaining: Math.max(0, limit - window.used),
    resetSeconds: Math.max(1, Math.ceil((window.opened + windowMs - at) / 1000)),
  });
  return {
    take(key, at, units = 1) {
      const window = current(key, at);
      const allowed = window.used + units <= limit;
      if (allowed) window.used += units;
      return verdict(window, at, allowed);
    },
    peek(key, at) {
      const window = current(key, at);
      return verdict(window, at, window.used < limit);
    },
  };
}
