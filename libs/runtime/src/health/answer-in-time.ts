/** An indicator that takes longer is down: who asks for readiness does not wait for long, ms. */
const ANSWER_TIMEOUT_MS = 2_500;

/** Rejects as the indicator does, and if it has not answered in time. */
export async function answerInTime<State>(probe: () => State | Promise<State>): Promise<State> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_TIMEOUT_MS} ms`)), ANSWER_TIMEOUT_MS);
  });
  try {
    return await Promise.race([probe(), late]);
  } finally {
    clearTimeout(timer);
  }
}
