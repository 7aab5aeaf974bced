import { tokenCommand } from './tokens/token-command';

process.exitCode = tokenCommand(process.argv.slice(2), console);
