// Stryker's ignore plugins: code that is not mutated within the mutated files.

const SQL = /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|ON CONFLICT|WHERE)\s|::\w+\[\]|\bentity_type, /;
const LOG_METHODS = new Set(['debug', 'info', 'warn', 'error']);

/** Only a database can check an SQL statement. */
function sql(path) {
  const isText = path.isTemplateLiteral() || path.isStringLiteral();
  return isText && SQL.test(textOf(path.node)) ? 'SQL is tested on a database' : undefined;
}

/** Log messages are not tested; only the text is ignored, not the call's existence. */
function logLines(path) {
  const { node } = path;
  const isLogCall = path.isCallExpression() || path.isOptionalCallExpression();
  if (!isLogCall || !LOG_METHODS.has(node.callee.property?.name)) return undefined;
  const { object } = node.callee;
  return (object.name ?? object.property?.name) === 'log' ? 'Log messages are not tested' : undefined;
}

/** A checkpoint does nothing, except in a process that a fault test lets crash there. */
function checkpoints(path) {
  return path.isCallExpression() && path.node.callee.name === 'checkpoint'
    ? 'Checkpoints are for fault tests'
    : undefined;
}

function metricDescriptions(path) {
  return path.isObjectProperty() && path.node.key.name === 'help' ? 'Metric help is not tested' : undefined;
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
