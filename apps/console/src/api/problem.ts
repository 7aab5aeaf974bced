/** Problem details (RFC 9457), the format of every error of the admin API. */
export interface ProblemDetails {
  readonly title: string;
  /** 0: no response. */
  readonly status: number;
  readonly detail?: string;
  readonly code?: string;
  readonly errors?: readonly string[];
}

/** A request that the admin API refused or failed to serve, or that did not reach it. */
export class Problem extends Error {
  constructor(readonly details: ProblemDetails) {
    super(details.detail ?? details.title);
    this.name = 'Problem';
  }

  static unreachable(cause: unknown): Problem {
    const problem = new Problem({
      title: 'No response',
      status: 0,
      detail: 'The event manager can’t be reached: it is down, or the network connection failed.',
    });
    problem.cause = cause;
    return problem;
  }

  /** From the body of an error response, which may have any shape. */
  static of(status: number, body: unknown): Problem {
    const { title, detail, code, errors } = (
      typeof body === 'object' && body !== null ? body : {}
    ) as Partial<ProblemDetails>;
    return new Problem({ title: title ?? 'Error', status, detail, code, errors });
  }
}
