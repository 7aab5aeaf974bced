export { type Route, Router } from './router';
