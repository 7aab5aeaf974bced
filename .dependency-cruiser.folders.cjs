// Cycles of folders, in what is shipped: a spec may well build what lies above its own folder.
const { options } = require('.dependency-cruiser.cjs');

module.exports = {
  forbidden: [
    {
      name: 'no-folder-cycles',
      comment: 'What two features need of each other belongs into one of them, or below both.',
      severity: 'error',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
  ],
  options: { ...options, exclude: { path: [...options.exclude.path, '\\.spec\\.tsx?$', '/spec-support/'] } },
};
