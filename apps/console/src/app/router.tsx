import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { NotFound } from '../parts/not-found';
import { ScreenError } from '../parts/screen-error';
import { basePath } from '../settings';
import { Shell } from './shell';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

/** The search of a URL as it is: each screen reads its own part. Values are texts; a repeated one is a list of texts. */
export type Search = Readonly<Record<string, string | readonly string[] | undefined>>;

const searchOf = (search: Record<string, unknown>): Search =>
  Object.fromEntries(
    Object.entries(search).map(([name, value]) => [name, Array.isArray(value) ? value.map(String) : String(value)]),
  );

const now = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: searchOf,
  component: lazyRouteComponent(() => import('../screens/now/now'), 'Now'),
});

const sagas = createRoute({
  getParentRoute: () => root,
  path: '/sagas',
  validateSearch: searchOf,
  component: lazyRouteComponent(() => import('../screens/sagas/sagas'), 'Sagas'),
});

const saga = createRoute({
  getParentRoute: () => root,
  path: '/sagas/$id',
  validateSearch: searchOf,
  component: lazyRouteComponent(() => import('../screens/saga/saga'), 'Saga'),
});

const incidents = createRoute({
  getParentRoute: () => root,
  path: '/incidents',
  validateSearch: searchOf,
  component: lazyRouteComponent(() => import('../screens/incidents/incidents'), 'Incidents'),
});

const definitions = createRoute({
  getParentRoute: () => root,
  path: '/definitions',
  validateSearch: searchOf,
  component: lazyRouteComponent(() => import('../screens/definitions/definitions'), 'Definitions'),
});

const definition = createRoute({
  getParentRoute: () => root,
  path: '/definitions/$name',
  validateSearch: searchOf,
  component: lazyRouteComponent(() => import('../screens/definitions/definition'), 'Definition'),
});

const deadLetters = createRoute({
  getParentRoute: () => root,
  path: '/dead-letters',
  validateSearch: searchOf,
  component: lazyRouteComponent(() => import('../screens/dead-letters/dead-letters'), 'DeadLetters'),
});

const deadLetter = createRoute({
  getParentRoute: () => root,
  path: '/dead-letters/$id',
  validateSearch: searchOf,
  component: lazyRouteComponent(() => import('../screens/dead-letters/dead-letter'), 'DeadLetter'),
});

const faults = createRoute({
  getParentRoute: () => root,
  path: '/faults',
  validateSearch: searchOf,
  component: lazyRouteComponent(() => import('../screens/faults/faults'), 'Faults'),
});

const shop = createRoute({
  getParentRoute: () => root,
  path: '/shop',
  validateSearch: searchOf,
  component: lazyRouteComponent(() => import('../screens/shop/shop'), 'ShopScreen'),
});

const shopOrder = createRoute({
  getParentRoute: () => root,
  path: '/shop/orders/$id',
  validateSearch: searchOf,
  component: lazyRouteComponent(() => import('../screens/shop/shop-order'), 'ShopOrder'),
});

const holds = createRoute({
  getParentRoute: () => root,
  path: '/holds',
  validateSearch: searchOf,
  component: lazyRouteComponent(() => import('../screens/holds/holds'), 'Holds'),
});

const bulkActions = createRoute({
  getParentRoute: () => root,
  path: '/bulk-actions',
  validateSearch: searchOf,
  component: lazyRouteComponent(() => import('../screens/bulk-actions/bulk-actions'), 'BulkActions'),
});

const bulkAction = createRoute({
  getParentRoute: () => root,
  path: '/bulk-actions/$id',
  validateSearch: searchOf,
  component: lazyRouteComponent(() => import('../screens/bulk-actions/bulk-action'), 'BulkAction'),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: searchOf,
  component: lazyRouteComponent(() => import('../screens/audit/audit'), 'Audit'),
});

const instances = createRoute({
  getParentRoute: () => root,
  path: '/instances',
  validateSearch: searchOf,
  component: lazyRouteComponent(() => import('../screens/instances/instances'), 'Instances'),
});

const about = createRoute({
  getParentRoute: () => root,
  path: '/about',
  validateSearch: searchOf,
  component: lazyRouteComponent(() => import('../screens/about/about'), 'About'),
});

const routeTree = root.addChildren([
  now,
  sagas,
  saga,
  incidents,
  definitions,
  definition,
  deadLetters,
  deadLetter,
  faults,
  shop,
  shopOrder,
  holds,
  bulkActions,
  bulkAction,
  audit,
  instances,
  about,
]);

export const router = createRouter({
  routeTree,
  basepath: basePath,
  defaultPreload: 'intent',
  defaultErrorComponent: ScreenError,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
