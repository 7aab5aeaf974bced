import { createBrowserRouter } from 'react-router';
import { LoginPage } from '../session/login-page';
import { NotFoundPage } from './not-found-page';
import { RouteErrorPage } from './route-error-page';
import { Shell } from './shell';

/** Each page is a separate script, loaded when it is first opened. */
export const router = createBrowserRouter(
  [
    { path: '/login', element: <LoginPage />, errorElement: <RouteErrorPage /> },
    {
      path: '/',
      element: <Shell />,
      errorElement: <RouteErrorPage />,
      hydrateFallbackElement: <div />,
      children: [
        {
          index: true,
          lazy: async () => ({ Component: (await import('../pages/overview/overview-page')).OverviewPage }),
        },
        { path: 'flow', lazy: async () => ({ Component: (await import('../pages/flow/flow-page')).FlowPage }) },
        { path: 'entity', lazy: async () => ({ Component: (await import('../pages/entity/entity-page')).EntityPage }) },
        { path: 'parked', lazy: async () => ({ Component: (await import('../pages/parked/parked-page')).ParkedPage }) },
        {
          path: 'subscriptions',
          lazy: async () => ({
            Component: (await import('../pages/subscriptions/subscriptions-page')).SubscriptionsPage,
          }),
        },
        {
          path: 'reconcile',
          lazy: async () => ({ Component: (await import('../pages/reconcile/reconcile-page')).ReconcilePage }),
        },
        {
          path: 'cluster',
          lazy: async () => ({ Component: (await import('../pages/cluster/cluster-page')).ClusterPage }),
        },
        { path: '*', element: <NotFoundPage /> },
      ],
    },
  ],
  { basename: '/console' },
);
