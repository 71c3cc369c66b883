/** A call that cannot be answered as asked: what the API says instead. */

/** Turned into an answer with this status: `{error, message, fix}`. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  readonly code: string;
  readonly fix: string;
  readonly details: readonly { readonly path: string; readonly message: string }[];
  constructor(
    status: number,
    code: string,
    message: string,
    fix: string,
    details: readonly { readonly path: string; readonly message: string }[] = [],
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.fix = fix;
    this.details = details;
  }
}

/** 404 with what to look at instead. */
export function notFound(what: string, fix: string): ApiProblem {
  return new ApiProblem(404, "not_found", what, fix);
}

/** 409: the world has moved on since the page was loaded. */
export function conflict(what: string, fix: string): ApiProblem {
  return new ApiProblem(409, "conflict", what, fix);
}

/** 422 with every problem at once, each as `what fix`. */
export function refused(problems: readonly { readonly what: string; readonly fix: string }[]): ApiProblem {
  const [first] = problems;
  return new ApiProblem(
    422,
    "refused",
    problems.map((one) => one.what).join(" "),
    first?.fix ?? "Correct what is named and try again.",
    problems.map((one) => ({ path: "", message: `${one.what} ${one.fix}` })),
  );
}
