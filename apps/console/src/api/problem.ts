/** Problem details (RFC 9457), as every error of the admin API comes. */
export interface ProblemDetails {
  readonly title: string;
  /** 0: there was no answer at all. */
  readonly status: number;
  readonly detail?: string;
  readonly code?: string;
  readonly errors?: readonly string[];
}

/** The admin API refused, failed, or can't be reached. */
export class Problem extends Error {
  constructor(readonly details: ProblemDetails) {
    super(details.detail ?? details.title);
    this.name = 'Problem';
  }

  static unreachable(cause: unknown): Problem {
    const problem = new Problem({
      title: 'The event manager does not answer',
      status: 0,
      detail: 'The request got no answer: the event manager is away, or the network is.',
    });
    problem.cause = cause;
    return problem;
  }

  /** Of an answer's body, whatever it is. */
  static of(status: number, body: unknown): Problem {
    const { title, detail, code, errors } = (
      typeof body === 'object' && body !== null ? body : {}
    ) as Partial<ProblemDetails>;
    return new Problem({ title: title ?? 'Error', status, detail, code, errors });
  }
}
