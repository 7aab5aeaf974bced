// Stryker's ignore plugins: what is not mutated within the files that are.

const SQL = /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|ON CONFLICT|WHERE)\s|::\w+\[\]|\bentity_type, /;
const LOG_METHODS = new Set(['debug', 'info', 'warn', 'error']);

/** Only a database can tell whether a statement is right. */
function sql(path) {
  const isText = path.isTemplateLiteral() || path.isStringLiteral();
  return isText && SQL.test(textOf(path.node)) ? 'SQL is tested on a database' : undefined;
}

/** The words of a log line are for people; that it is written at all is not exempt. */
function logLines(path) {
  const { node } = path;
  const isLogCall = path.isCallExpression() || path.isOptionalCallExpression();
  if (!isLogCall || !LOG_METHODS.has(node.callee.property?.name)) return undefined;
  const { object } = node.callee;
  return (object.name ?? object.property?.name) === 'log' ? 'A log line is for people' : undefined;
}

/** Does nothing but in a process that a fault test has started for it to crash there. */
function checkpoints(path) {
  return path.isCallExpression() && path.node.callee.name === 'checkpoint' ? 'It is for fault tests' : undefined;
}

function metricDescriptions(path) {
  return path.isObjectProperty() && path.node.key.name === 'help' ? 'A description is for people' : undefined;
}

function textOf(node) {
  return node.type === 'StringLiteral' ? node.value : node.quasis.map(({ value }) => value.raw).join(' $ ');
}

const ignorer = (name, shouldIgnore) => ({ kind: 'Ignore', name, value: { shouldIgnore } });

export const strykerPlugins = [
  ignorer('sql', sql),
  ignorer('log-lines', logLines),
  ignorer('checkpoints', checkpoints),
  ignorer('metric-descriptions', metricDescriptions),
];
