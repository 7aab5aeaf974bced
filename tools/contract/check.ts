import { main } from '../cli/main';

// `npm run contract:check -- old.thrift new.thrift` is `dbem contract check old.thrift new.thrift`.
process.exitCode = await main(['contract', 'check', ...process.argv.slice(2)]);
