// Generated from docs/openapi/event-manager.json by npm run openapi. Do not edit.
export interface paths {
    "/admin/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the audit trail
         * @description Who changed what, when, from where and with which result, on all managers; newest first.
         */
        get: operations["AuditController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/cluster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the cluster
         * @description State and version of the event managers, the broker, ZooKeeper and the instances of services.
         */
        get: operations["ClusterController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/contract-checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check a schema against the registered one
         * @description Whether an entity may be published with this IDL, and which subscribers of its entity type that would break. Changes nothing.
         */
        post: operations["ContractChecksController_check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/deferred-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a service’s deferred events
         * @description The events that wait in a service until the changes they depend on are applied.
         */
        get: operations["DeferredEventController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/entities/{publisher}/{entityType}/{entityId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the state of an entity
         * @description The state of an entity at its source and in each service that subscribes to its entity type. All roles see which fields differ; only operators and admins see their values.
         */
        get: operations["EntitiesController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/events/tail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow events
         * @description Streams the events that event managers forward, as server-sent events: `event` (TappedEventDto), at most 50 per second, and `skipped` (SkippedEventsDto), the number of events above that limit. Heartbeats are not included. Ends like the live topology. A viewer sees which entities change; an operator can also see their content (`content=true`).
         */
        get: operations["TailController_follow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/flow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the event rates of the last hour
         * @description Of one subscription, one publisher, one subscriber, or all, as recorded by this manager since it started.
         */
        get: operations["FlowController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/identity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show whether identity is enforced, and forged messages
         * @description Whether services must prove their identity, and which messages named a service of another broker user.
         */
        get: operations["IdentityController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the topology
         * @description Streams the topology as server-sent events: first `topology` (TopologyDto), then `changes` (TopologyChangesDto) within two seconds of a change. Sends `end` when the credential is no longer valid (`unauthorized`) or the manager stops (`stopping`). Disconnects clients that read too slowly. Reconnect to get a new `topology`.
         */
        get: operations["TopologyController_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the caller
         * @description The caller’s name and role.
         */
        get: operations["MeController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List live event managers
         * @description The event managers registered in ZooKeeper.
         */
        get: operations["MembersController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/parked": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List parked events
         * @description By service, then by the time of the last failure.
         */
        get: operations["ParkedController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/parked/{service}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a parked event */
        get: operations["ParkedController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/parked/{service}/{id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Discard a parked event
         * @description Deletes the event permanently.
         */
        post: operations["ParkedController_discard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/parked/{service}/{id}/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Redrive one parked event
         * @description Sends the event back to the queue that it came from and resets its retries.
         */
        post: operations["ParkedController_redrive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/parked/{service}/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Redrive parked events
         * @description Sends all matching events back to the queue that they came from. A dry run makes the service apply each event, including its handlers, in a transaction that is rolled back, and returns the result.
         */
        post: operations["ParkedController_redriveAll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/reconcile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List runs of backfill, audit and repair
         * @description Newest first.
         */
        get: operations["ReconcileController_list"];
        put?: never;
        /**
         * Start a backfill, an audit or a repair
         * @description Returns at once; read the run to follow its progress.
         */
        post: operations["ReconcileController_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/reconcile-schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List schedules of audits and repairs */
        get: operations["ReconcileSchedulesController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/reconcile-schedules/{publisher}/{subscriber}/{entityType}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set a schedule
         * @description Replaces an existing one. The first run starts at once.
         */
        put: operations["ReconcileSchedulesController_put"];
        post?: never;
        /** Remove a schedule */
        delete: operations["ReconcileSchedulesController_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/reconcile/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a run */
        get: operations["ReconcileController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/reconcile/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a run
         * @description The run ends at its next step. Entities already sent stay.
         */
        post: operations["ReconcileController_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/reconcile/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a run
         * @description The run stops at its next step and keeps its progress.
         */
        post: operations["ReconcileController_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/reconcile/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a run
         * @description The run continues from where it was paused.
         */
        post: operations["ReconcileController_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/schemas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List registered schemas
         * @description By publisher and entity type, the newest first.
         */
        get: operations["SchemasController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/schemas/{publisher}/{entityType}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Register a schema
         * @description Adds the schema as the newest version, unless the newest is identical. Publishers that use this project’s libraries need not register: the event manager collects their schemas.
         */
        put: operations["SchemasController_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/schemas/{publisher}/{entityType}/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a registered schema */
        get: operations["SchemasController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List services with their queues
         * @description The event manager and then every service in the map, with the depth and the consumers of their queues.
         */
        get: operations["ServicesController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/services/{service}/broker-user": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Create or update a service’s broker user
         * @description Creates the service’s broker user with the least rights, or sets the rights of the existing one.
         */
        put: operations["BrokerUsersController_put"];
        post?: never;
        /**
         * Remove a service’s broker user
         * @description Closes its connections at once. Keeps its queues.
         */
        delete: operations["BrokerUsersController_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List subscriptions */
        get: operations["SubscriptionsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/subscriptions/{publisher}/{subscriber}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Create or change a subscription
         * @description Responds when every live manager routes by the subscription.
         */
        put: operations["SubscriptionsController_put"];
        post?: never;
        /**
         * Delete a subscription
         * @description Responds when no live manager routes by the subscription any more.
         */
        delete: operations["SubscriptionsController_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/subscriptions/{publisher}/{subscriber}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a subscription
         * @description Events wait in a separate queue until the subscription is resumed by everybody who has paused it. Responds when every live manager routes accordingly.
         */
        post: operations["SubscriptionsController_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/subscriptions/{publisher}/{subscriber}/receipt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check the route of a subscription
         * @description Compares the map with the broker’s queues and bindings. First declares missing queues and bindings, where possible.
         */
        get: operations["SubscriptionsController_receipt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/subscriptions/{publisher}/{subscriber}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a subscription
         * @description Ends the caller’s pause, or that of `by`. When nobody’s pause is left, new events are routed to the service again, and those that waited are moved there; that is done when the subscription has no `delivery` any more.
         */
        post: operations["SubscriptionsController_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/topology": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the topology
         * @description All publishers, event managers, subscribers and subscriptions with their rates and states, as this manager knows them now.
         */
        get: operations["TopologyController_topology"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/config.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the login configuration
         * @description How users log in to the web console.
         */
        get: operations["ConsoleConfigController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Liveness
         * @description The process responds.
         */
        get: operations["HealthController_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Readiness
         * @description Whether the app can do its work; otherwise 503 with the names of the components that are down.
         */
        get: operations["HealthController_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AuditedPrincipalDto: {
            /** @example ada */
            name: string;
            /** @enum {string} */
            provedBy: "token" | "oidc" | "broker user" | "nothing";
            /** @enum {string} */
            role?: "viewer" | "operator" | "admin";
        };
        AuditEntryDto: {
            /** @example PUT /admin/v1/subscriptions/:publisher/:subscriber */
            action: string;
            /** Format: date-time */
            at: string;
            detail?: string;
            from: components["schemas"]["AuditFromDto"];
            /** Format: uuid */
            id: string;
            /** @description The request body, without secrets. */
            input?: unknown;
            /**
             * @description HTTP status, error code, or result of a subscription request.
             * @example 201
             */
            outcome: string;
            /**
             * @description started: in progress, or the event manager died before it could record the outcome. refused: nothing was changed. failed: some of it may have been changed.
             * @enum {string}
             */
            result: "started" | "done" | "refused" | "failed";
            /**
             * @example {
             *       "publisher": "user.profile"
             *     }
             */
            target: {
                [key: string]: string;
            };
            who: components["schemas"]["AuditedPrincipalDto"];
        };
        AuditEntryDtoPage: {
            items: components["schemas"]["AuditEntryDto"][];
            /** @description Pass it as `after` to get the next page. Absent on the last page. */
            next?: string;
        };
        AuditFromDto: {
            /** @description Address of the HTTP client. Absent: the request came as a message. */
            address?: string;
            /** @description The event manager that handled the request: host and process id. */
            manager: string;
        };
        AwaitedDto: {
            /** @example ada@seagrid */
            entityId: string;
            /** @enum {string} */
            entityType: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
            /** @example user.profile */
            publisher: string;
            /** @description Minimum version; a decimal number. Absent: any version. */
            version?: string;
        };
        BindingDto: {
            /** @example db.event.exchange */
            exchange: string;
            /** @example #.sharing.# */
            routingKey: string;
        };
        BrokerNodeDto: {
            /** @description memory, disk: the node blocks publishers. partition: the node has lost contact with other nodes. */
            alarms: string[];
            isRunning: boolean;
            /** @example rabbit@broker-1 */
            name: string;
        };
        BrokerReportDto: {
            /** @description Why the broker blocks publishers. */
            blockedReason?: string;
            clusterName?: string;
            isConnected: boolean;
            /** @description Why the connection was last lost or refused. */
            lastFault?: string;
            /** @description Why the management API is unavailable. */
            managementFault?: string;
            /** @description Absent: the management API is not configured (AMQP_MANAGEMENT_URL) or is unavailable. */
            nodes?: components["schemas"]["BrokerNodeDto"][];
            /** @example RabbitMQ */
            product?: string;
            reconnects: number;
            /** @example 3.13.7 */
            version?: string;
        };
        BrokerUserDto: {
            /** @example sharing */
            name: string;
            /** @description Returned once, when it is generated. Absent: the user existed and keeps its password. */
            password?: string;
        };
        ClusterDto: {
            broker: components["schemas"]["BrokerReportDto"];
            managers: components["schemas"]["ManagerReportDto"][];
            /** @description Services with an instance that has reported. */
            services: components["schemas"]["ServiceInstancesDto"][];
            zooKeeper: components["schemas"]["ZooKeeperReportDto"];
        };
        ConsoleConfigDto: {
            /** @description Absent: users can log in only with an admin token. */
            oidc?: components["schemas"]["ConsoleOidcDto"];
            /**
             * @description The event manager’s version.
             * @example 0.1.0
             */
            software: string;
        };
        ConsoleOidcDto: {
            /** @description Id of a public client: authorization code with PKCE, no secret. */
            clientId: string;
            /** @example https://identity.example.org/realms/dbem */
            issuer: string;
            /**
             * @example [
             *       "openid",
             *       "profile"
             *     ]
             */
            scopes: string[];
        };
        ContractCheckDto: {
            /** @description The registered version to compare with. Default: the newest. */
            against?: number;
            /** @enum {string} */
            entityType: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
            /** @description The Thrift IDL file as text; at most 64 KiB together with its includes. */
            idl: string;
            /** @description The included files, by the name in the include statement. */
            includes?: {
                [key: string]: string;
            };
            /** @example user.profile */
            publisher: string;
            /**
             * @description The entity’s struct in the IDL.
             * @example UserProfile
             */
            struct: string;
        };
        ContractCheckResultDto: {
            /** @description The registered version that the schema was compared with. */
            against: number;
            changes: components["schemas"]["SchemaChangeDto"][];
            isCompatible: boolean;
            /** @description Services that currently subscribe to this entity type of the publisher. */
            subscribers: string[];
        };
        DeferredEventDto: {
            /** @description Failed attempts before the event was deferred. */
            attempts: number;
            /** Format: date-time */
            deferredSince: string;
            entityId: string;
            /** @enum {string} */
            entityType: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
            /** @example registry */
            publisher: string;
            /** @description A decimal number. */
            version: string;
            /** @description A change that the event waits for; there may be more. */
            waitsFor: components["schemas"]["AwaitedDto"];
        };
        DeferredEventListDto: {
            /** @description The events that have waited longest. */
            items: components["schemas"]["DeferredEventDto"][];
            /** @description Total number of the service’s deferred events. */
            total: number;
        };
        DifferencesDto: {
            different: number;
            extra: number;
            missing: number;
        };
        DiscardDto: {
            /** @description Why the event is no longer needed; written to the log. */
            reason: string;
        };
        DryRunResultDto: {
            entityId?: string;
            /** @enum {string} */
            entityType?: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
            id: string;
            /**
             * @description would apply: the handler succeeded. still fails: the handler failed again, or the event is invalid. would wait: the event depends on a change that is not applied yet. stale: the replica has a newer version. duplicate: the replica has this version. superseded: a newer parked event of the entity would be applied. unknown: the dry run failed.
             * @enum {string}
             */
            outcome: "would apply" | "still fails" | "would wait" | "stale" | "duplicate" | "superseded" | "unknown";
            /** @description Absent, like the next fields, if the message is undecodable. */
            publisher?: string;
            /** @description Why the event would fail or wait, or why the outcome is unknown. */
            reason?: string;
            /** @description A decimal number. */
            version?: string;
        };
        EdgeDto: {
            /** @description Its other states. */
            also?: ("expired" | "unconsumed" | "paused" | "backfilling" | "parked" | "flowing")[];
            /** @description Consumers of the subscriber’s work queue. */
            consumers: number;
            /** @description Messages in the subscriber’s work queue, which all its subscriptions share, or, while paused, in the subscription’s own. */
            depth: number;
            /** @description Left out: all entity types. */
            entityTypes?: ("USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY")[];
            /** @description Events forwarded to it by the event managers, per second. */
            inPerS: number;
            /** @description Median lag of the events applied in about the last minute. Left out: there were none. */
            lagP50Ms?: number;
            lagP99Ms?: number;
            /** @description Lag of the last event or heartbeat. Below zero: the clocks differ. */
            lastLagMs?: number;
            /** @description Events that the subscriber has applied or found stale, per second; 0 if it does not report. */
            outPerS: number;
            /** @description Events in the subscriber’s parked queue, which all its subscriptions share. */
            parked: number;
            /** @example user.profile */
            publisher: string;
            /**
             * @description The most severe state. expired: its subscriber was away for too long. unconsumed: its subscriber’s queue has no consumer. paused: its events wait in a queue of their own. backfilling: a backfill or a repair is under way. parked: the subscriber has parked events. flowing: none of these.
             * @enum {string}
             */
            state: "expired" | "unconsumed" | "paused" | "backfilling" | "parked" | "flowing";
            /** @example sharing */
            subscriber: string;
            /** @description The publisher’s newest version minus the newest version that the subscriber has received. Left out: one of them does not report it. */
            versionsBehind?: number;
        };
        EdgeKeyDto: {
            /** @example user.profile */
            publisher: string;
            /** @example sharing */
            subscriber: string;
        };
        EntityReportDto: {
            /** @example ada@seagrid */
            entityId: string;
            /** @enum {string} */
            entityType: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
            /** @example user.profile */
            publisher: string;
            /** @description One item per service that subscribes to the entity type. */
            services: components["schemas"]["ReplicatedEntityDto"][];
            source: components["schemas"]["SourceEntityDto"];
        };
        FieldDifferenceDto: {
            /**
             * @description As the replica’s projection names it.
             * @example emails.0
             */
            field: string;
            /** @description The replica’s value, likewise. */
            replica?: unknown;
            /** @description The source’s value, as JSON; for operators only. Secrets are redacted. */
            source?: unknown;
        };
        FindingDto: {
            /** @example QUEUE_MISSING */
            code: string;
            message: string;
            /**
             * @description healed: a fault that has been repaired. note: information. warning: needs attention.
             * @enum {string}
             */
            state: "healed" | "note" | "warning";
        };
        FlowDto: {
            /** @description When each point begins; seconds since 1970. */
            at: number[];
            /** @description Messages in the work queues of the selected subscribers. */
            depth: (number | null)[];
            /** @description Events forwarded by the event managers, per second. */
            inPerS: (number | null)[];
            /** @description Median lag of the applied events. */
            lagP50Ms: (number | null)[];
            /** @description 99th percentile of the lag of the applied events. */
            lagP99Ms: (number | null)[];
            /** @description Events that subscribers have applied or found stale, per second. */
            outPerS: (number | null)[];
            /**
             * @description Seconds from one point to the next.
             * @example 5
             */
            stepS: number;
        };
        ForgeryDto: {
            /** @enum {string} */
            code: "PUBLISHER_FORGED" | "SUBSCRIBER_FORGED";
            /** @description Messages rejected by this manager since it started. */
            count: number;
            /** Format: date-time */
            lastSeenAt: string;
            /** @description The service that the message named as its sender. */
            service: string;
            /** @description The broker user that sent the message. Absent: it had no user_id. */
            userId?: string;
        };
        IdentityDto: {
            /** @description Messages that this manager rejected since it started because they came from another user. */
            forged: number;
            /** @description By kind, the most recent last; at most 1,000 kinds. */
            forgedMessages: components["schemas"]["ForgeryDto"][];
            /** @description Whether a message must come from the broker user of the service that it names. */
            isEnforced: boolean;
        };
        InstanceDto: {
            /** @description Generated at each start of the process. */
            id: string;
            /**
             * Format: date-time
             * @description Time of its last report, if it is gone.
             */
            lastReceivedAt?: string;
            /** @description Why it is not ready. */
            reasons?: string[];
            /**
             * @description The version of the software that it runs.
             * @example 0.1.0
             */
            software: string;
            /** Format: date-time */
            startedAt: string;
            /**
             * @description gone: its reports have timed out, although it did not report a shutdown.
             * @enum {string}
             */
            state: "ready" | "unready" | "gone";
        };
        ManagerNodeDto: {
            /** @description Messages that the broker has confirmed in the services’ queues, per second. */
            forwardedPerS: number;
            /** @description Generated at each start of the process. */
            id: string;
            /**
             * Format: date-time
             * @description Time of its last report, if it is gone.
             */
            lastReceivedAt?: string;
            /** @description Why it is not ready. */
            reasons?: string[];
            /** @description Events received from the managers’ queue, per second. */
            receivedPerS: number;
            /**
             * @description The version of the software that it runs.
             * @example 0.1.0
             */
            software: string;
            /** Format: date-time */
            startedAt: string;
            /**
             * @description gone: its reports have timed out, although it did not report a shutdown.
             * @enum {string}
             */
            state: "ready" | "unready" | "gone";
        };
        ManagerReportDto: {
            /** @description The newest revision of the map that it routes by; a decimal number. */
            appliedRevision?: string;
            /** @description Messages that the broker has confirmed in the services’ queues, per second. */
            forwardedPerS: number;
            /** @description Absent: the manager is not registered in ZooKeeper. */
            host?: string;
            /** @description Generated at each start of the process. */
            id: string;
            /** @description Whether this is the manager that answers the request. */
            isSelf: boolean;
            /**
             * Format: date-time
             * @description Time of its last report, if it is gone.
             */
            lastReceivedAt?: string;
            pid?: number;
            /** @description Why it is not ready. */
            reasons?: string[];
            /** @description Events received from the managers’ queue, per second. */
            receivedPerS: number;
            /**
             * @description The version of the software that it runs.
             * @example 0.1.0
             */
            software: string;
            /** Format: date-time */
            startedAt: string;
            /**
             * @description gone: its reports have timed out, although it did not report a shutdown.
             * @enum {string}
             */
            state: "ready" | "unready" | "gone";
        };
        MeDto: {
            /** @description The token’s name, or the subject at the identity provider. */
            name: string;
            /** @enum {string} */
            provedBy: "token" | "oidc";
            /** @enum {string} */
            role: "viewer" | "operator" | "admin";
        };
        MemberDto: {
            /**
             * @description The newest revision of the map that it routes by; a decimal number.
             * @example 4294967330
             */
            appliedRevision: string;
            host: string;
            id: string;
            pid: number;
            /** Format: date-time */
            startedAt: string;
        };
        MemberDtoPage: {
            items: components["schemas"]["MemberDto"][];
            /** @description Pass it as `after` to get the next page. Absent on the last page. */
            next?: string;
        };
        OutboxLevelDto: {
            /** @description How far its database’s clock is ahead of its process’s clock, ms. */
            clockOffsetMs: number;
            /** @description Changes waiting, counted up to 100000. */
            depth: number;
            oldestAgeMs: number;
            /** @description Changes confirmed by the broker, per second, of all instances. */
            publishedPerS: number;
        };
        ParkedEventDetailDto: {
            /** @description Attempts since the event arrived or was last redriven. */
            attempts: number;
            /** @description Size of the message body. */
            bytes: number;
            /** @enum {string} */
            crudType?: "CREATE" | "READ" | "UPDATE" | "DELETE";
            /** @description The entity; secrets are redacted. Absent if it is undecodable. */
            entity?: {
                [key: string]: unknown;
            };
            entityId?: string;
            /** @enum {string} */
            entityType?: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
            /** Format: date-time */
            firstFailedAt?: string;
            /** @description Unique among the parked events of the service. */
            id: string;
            /** Format: date-time */
            lastFailedAt?: string;
            /** @description The AMQP message id. */
            messageId?: string;
            /**
             * @description Absent, like the next fields, if the message is undecodable.
             * @example user.profile
             */
            publisher?: string;
            reason: string;
            /** @example HANDLER_FAILED */
            reasonCode: string;
            /** @description Number of redrives. */
            redrives: number;
            /**
             * @description stale: the replica has this or a newer version of the entity, so a redrive would change nothing. unknown: the service is not running, or the event does not identify its entity.
             * @enum {string}
             */
            relevance: "stale" | "relevant" | "unknown";
            /** @description The version of the entity that the replica has now. */
            replica?: components["schemas"]["ReplicaVersionDto"];
            /** @example sharing */
            service: string;
            stack: string;
            /** @description A decimal number. Absent for events of legacy publishers. */
            version?: string;
        };
        ParkedEventDto: {
            /** @description Attempts since the event arrived or was last redriven. */
            attempts: number;
            /** @enum {string} */
            crudType?: "CREATE" | "READ" | "UPDATE" | "DELETE";
            entityId?: string;
            /** @enum {string} */
            entityType?: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
            /** Format: date-time */
            firstFailedAt?: string;
            /** @description Unique among the parked events of the service. */
            id: string;
            /** Format: date-time */
            lastFailedAt?: string;
            /**
             * @description Absent, like the next fields, if the message is undecodable.
             * @example user.profile
             */
            publisher?: string;
            reason: string;
            /** @example HANDLER_FAILED */
            reasonCode: string;
            /** @description Number of redrives. */
            redrives: number;
            /**
             * @description stale: the replica has this or a newer version of the entity, so a redrive would change nothing. unknown: the service is not running, or the event does not identify its entity.
             * @enum {string}
             */
            relevance: "stale" | "relevant" | "unknown";
            /** @example sharing */
            service: string;
            /** @description A decimal number. Absent for events of legacy publishers. */
            version?: string;
        };
        ParkedEventDtoPage: {
            items: components["schemas"]["ParkedEventDto"][];
            /** @description Pass it as `after` to get the next page. Absent on the last page. */
            next?: string;
        };
        PauseDto: {
            /** @example ada */
            by: string;
            /** Format: date-time */
            since: string;
        };
        PostRunDto: {
            /** @enum {string} */
            entityType: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
            /**
             * @description audit: only reports differences. repair: fixes them. backfill: repairs an empty replica.
             * @enum {string}
             */
            kind: "backfill" | "audit" | "repair";
            /**
             * @description Nothing is sent while more messages wait for the subscriber.
             * @default 1000
             */
            maxQueueDepth?: number;
            /**
             * @description Maximum rows sent per second.
             * @default 2000
             */
            maxRowsPerSecond?: number;
            /** @example user.profile */
            publisher: string;
            /** @example sharing */
            subscriber: string;
            /**
             * @description Delay before a difference is verified, ms: a change may still be on its way.
             * @default 5000
             */
            verifyAfterMs?: number;
        };
        PutBrokerUserDto: {
            /**
             * @description For a legacy service, which declares the event exchange and its queue itself and so needs more rights. Default: false.
             * @default false
             */
            declaresItself?: boolean;
            /**
             * @description Set a new password if the user exists. Default: false.
             * @default false
             */
            rotate?: boolean;
        };
        PutScheduleDto: {
            /**
             * @description Interval between the starts of two runs.
             * @example 86400
             */
            intervalSeconds: number;
            /** @enum {string} */
            kind: "audit" | "repair";
            /**
             * @description Nothing is sent while more messages wait for the subscriber.
             * @default 1000
             */
            maxQueueDepth?: number;
            /**
             * @description Maximum rows sent per second.
             * @default 2000
             */
            maxRowsPerSecond?: number;
            /**
             * @description Delay before a difference is verified, ms: a change may still be on its way.
             * @default 5000
             */
            verifyAfterMs?: number;
        };
        PutSchemaDto: {
            /** @description The Thrift IDL file as text; at most 64 KiB together with its includes. */
            idl: string;
            /** @description The included files, by the name in the include statement. */
            includes?: {
                [key: string]: string;
            };
            /**
             * @description The entity’s struct in the IDL.
             * @example UserProfile
             */
            struct: string;
        };
        PutSubscriptionDto: {
            /** @description Only changes of these entity types. Absent: all, including types added in the future. */
            entityTypes?: ("USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY")[];
        };
        QueueDto: {
            consumers: number;
            /** @description Events in these messages, estimated from what this manager last sent or received. */
            events: number;
            /** @description Messages ready, without delivered but unacknowledged ones. */
            messages: number;
            /** @example sharing.queue */
            name: string;
        };
        QueueLevelDto: {
            consumers: number;
            /** @description Events in these messages, estimated from what this manager last sent or received. */
            events: number;
            /** @description Messages waiting, not counting those delivered and unacknowledged. */
            messages: number;
        };
        RangeDifferenceDto: {
            /** @description Entity id before the range; null: the range starts at the first entity. */
            after: string | null;
            /** @description Entities of the source in this range; the replica has none. */
            missing: number;
            /** @description Last entity id of the range; null: the range ends at the last entity. */
            to: string | null;
        };
        RedrivenDto: {
            /** @description Events that could not be sent back; they stay parked. */
            failed: number;
            /** @description Why the first of them failed. */
            failure?: string;
            /** @description Dry run only: more events match than it included (at most 2,000 events and 32 MiB). */
            hasMore?: boolean;
            /**
             * @description Dry run only: number of events per outcome.
             * @example {
             *       "would apply": 12,
             *       "still fails": 1
             *     }
             */
            plan?: {
                [key: string]: number;
            };
            /** @description Events confirmed in the queue that they came from. */
            redriven: number;
            /** @description Dry run only: the result for each event. */
            results?: components["schemas"]["DryRunResultDto"][];
        };
        RegisteredSchemaDto: {
            /** @enum {string} */
            entityType: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
            idl: string;
            includes?: {
                [key: string]: string;
            };
            /** @example user.profile */
            publisher: string;
            /** Format: date-time */
            registeredAt: string;
            /** @description The principal; or the publisher, if the event manager collected the schema from it. */
            registeredBy: string;
            struct: string;
            /** @description Starts at 1; the newest 20 versions are kept. */
            version: number;
        };
        ReplicatedEntityDto: {
            /** Format: date-time */
            appliedAt?: string;
            deferred?: components["schemas"]["DeferredEventDto"];
            deleted?: boolean;
            /** @description The fields that differ from the source. Absent: source or replica can’t read the entity. */
            differences?: components["schemas"]["FieldDifferenceDto"][];
            parked?: components["schemas"]["ParkedEventDto"][];
            /** @description Why the service is unreachable. */
            reason?: string;
            /** @example sharing */
            service: string;
            /**
             * @description current: same as the source. deferred, parked: a newer version waits for its dependency, or can’t be applied. underway: a newer version is on its way, or lost. different: has something that the source does not have, or lacks something that the source never published. unhandled: subscribed, but without a handler. unknown: the publisher is unreachable. unreachable: see `reason`.
             * @enum {string}
             */
            state: "current" | "deferred" | "parked" | "underway" | "different" | "unhandled" | "unknown" | "unreachable";
            /** @description Version in the replica; a decimal number. Absent: the replica never had the entity. */
            version?: string;
        };
        ReplicaVersionDto: {
            deleted: boolean;
            /** @description A decimal number. */
            version: string;
        };
        RouteQueueDto: {
            /** @description Absent without AMQP_MANAGEMENT_URL. */
            bindings?: components["schemas"]["BindingDto"][];
            consumers: number;
            /** @description Events in these messages, estimated from what this manager last sent or received. */
            events: number;
            /**
             * @description Absent without AMQP_MANAGEMENT_URL.
             * @example quorum
             */
            kind?: string;
            /** @description Messages ready, without delivered but unacknowledged ones. */
            messages: number;
            /** @example sharing.queue */
            name: string;
        };
        RouteReceiptDto: {
            findings: components["schemas"]["FindingDto"][];
            /**
             * @description The queue that events are currently routed to.
             * @example sharing.queue
             */
            goesTo: string;
            /** @description Number of live event managers, which all route by this map. */
            managers: number;
            /** @description The service’s queue. */
            queue: components["schemas"]["RouteQueueDto"];
            /** @description The subscription in this manager’s map. */
            subscription: components["schemas"]["SubscriptionDto"];
            /** @description The queue in which events of the subscription wait. Absent if it is live. */
            waiting?: components["schemas"]["RouteQueueDto"];
        };
        RowDifferenceDto: {
            entityId: string;
            /** @description The compared fields that differ; empty if only the versions do. */
            fields: string[];
            /** @enum {string} */
            kind: "missing" | "extra" | "different";
            replicaVersion: string | null;
            sourceVersion: string | null;
        };
        RunDto: {
            /** @description Entities compared in the current pass. */
            compared: number;
            /** @description Entities that differed. */
            differing: number;
            /** Format: date-time */
            endedAt?: string;
            /** @enum {string} */
            entityType: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
            /** @description Why the run failed. */
            error?: string;
            /** @description Differences found. */
            found: components["schemas"]["DifferencesDto"];
            id: string;
            /** @description Whether replica and source are equal; only of a run that is done. */
            isEqual?: boolean;
            /** @enum {string} */
            kind: "backfill" | "audit" | "repair";
            /** @description Differences that remain; for an audit, all that it found. */
            left: components["schemas"]["DifferencesDto"];
            options: components["schemas"]["RunOptionsDto"];
            /** @description Starts at 1. A run that repairs makes another pass to verify the result. */
            pass: number;
            publisher: string;
            /** @description The first 100 empty ranges that still differ. */
            ranges: components["schemas"]["RangeDifferenceDto"][];
            /** @description Orphans removed. */
            removed: number;
            /** Format: date-time */
            requestedAt: string;
            /** @description The name of a principal, or one of: subscription, schedule, expiry, lost queue. */
            requestedBy: string;
            /** @description The first 100 entities that still differ. */
            rows: components["schemas"]["RowDifferenceDto"][];
            /** @description Entities compared per second in the current pass. */
            rowsPerSecond?: number;
            /** @description Estimated remaining seconds of the current pass. */
            secondsLeft?: number;
            sent: number;
            sentBytes: number;
            /** @description Entities at the source when the run started. */
            sourceRows: number;
            /** Format: date-time */
            startedAt?: string;
            /** @enum {string} */
            state: "pending" | "running" | "paused" | "done" | "failed" | "cancelled";
            /**
             * @description The result of a run that is done.
             * @example equal as of version 4711
             */
            statement?: string;
            subscriber: string;
            /** @description What the run waits for. */
            waitingFor?: string;
        };
        RunListDto: {
            items: components["schemas"]["RunDto"][];
        };
        RunOptionsDto: {
            /**
             * @description Nothing is sent while more messages wait for the subscriber.
             * @default 1000
             */
            maxQueueDepth?: number;
            /**
             * @description Maximum rows sent per second.
             * @default 2000
             */
            maxRowsPerSecond?: number;
            /**
             * @description Delay before a difference is verified, ms: a change may still be on its way.
             * @default 5000
             */
            verifyAfterMs?: number;
        };
        ScheduleDto: {
            /** @enum {string} */
            entityType: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
            intervalSeconds: number;
            /** @enum {string} */
            kind: "backfill" | "audit" | "repair";
            /**
             * Format: date-time
             * @description Absent: it has not started yet.
             */
            lastStartedAt?: string;
            options: components["schemas"]["RunOptionsDto"];
            publisher: string;
            subscriber: string;
        };
        ScheduleListDto: {
            items: components["schemas"]["ScheduleDto"][];
        };
        SchemaChangeDto: {
            /** @enum {string} */
            breaks: "nobody" | "readers of the field" | "all readers";
            /** @description The known subscribers that the change would break. */
            breaksSubscribers: string[];
            isCompatible: boolean;
            /** @example UserProfile.emails */
            path: string;
            /**
             * @description Name of the rule in docs/how-to/change-an-entity.md.
             * @example required-removed
             */
            rule: string;
            /** @example required field 5 was removed */
            what: string;
        };
        SchemaVersionDto: {
            /** @enum {string} */
            entityType: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
            /** @example user.profile */
            publisher: string;
            /** @description Starts at 1; the newest 20 versions are kept. */
            version: number;
        };
        SchemaVersionDtoPage: {
            items: components["schemas"]["SchemaVersionDto"][];
            /** @description Pass it as `after` to get the next page. Absent on the last page. */
            next?: string;
        };
        ServiceDto: {
            /** @example sharing */
            name: string;
            /** @description The queue of its parked events. Absent: there is none. */
            parked?: components["schemas"]["QueueDto"];
            /** @description The service’s queue. Absent: there is none. */
            queue?: components["schemas"]["QueueDto"];
            /** @description The services that subscribe to it. */
            subscribers: string[];
            /** @description The publishers that the service subscribes to. */
            subscribesTo: string[];
        };
        ServiceDtoPage: {
            items: components["schemas"]["ServiceDto"][];
            /** @description Pass it as `after` to get the next page. Absent on the last page. */
            next?: string;
        };
        ServiceInstancesDto: {
            instances: components["schemas"]["InstanceDto"][];
            /** @example sharing */
            service: string;
        };
        ServiceNodeDto: {
            /**
             * @description ready: all live instances report ready. unready: a live instance reports that it is not ready. gone: the reports of all instances have timed out. unknown: no instance has ever reported, as with a legacy service.
             * @enum {string}
             */
            health: "ready" | "unready" | "gone" | "unknown";
            instances: components["schemas"]["InstanceDto"][];
            isPublisher: boolean;
            isSubscriber: boolean;
            /** @example sharing */
            name: string;
            /** @description Left out: it does not report one. */
            outbox?: components["schemas"]["OutboxLevelDto"];
            /** @description Events in its parked queue. Left out: none. */
            parked?: number;
            /** @description Its work queue. Left out: there is none. */
            queue?: components["schemas"]["QueueLevelDto"];
        };
        SkippedEventsDto: {
            /** @description Matching events since the last `skipped` that were not shown. */
            count: number;
        };
        SourceEntityDto: {
            /** Format: date-time */
            changedAt?: string;
            /** @description Why the publisher is unreachable. */
            reason?: string;
            /**
             * @description unpublished: the publisher has no version of the entity: it never published it, or has swept its tombstone. unreachable: see `reason`.
             * @enum {string}
             */
            status: "present" | "deleted" | "unpublished" | "unreachable";
            /** @description Versions that the publisher has not sent yet. */
            unpublished?: string[];
            /** @description Version of the last change; a decimal number. */
            version?: string;
        };
        SubscriptionDto: {
            /**
             * @description paused: its events wait in a separate queue. resuming: new events are routed to the service, and those that waited are being moved there. Absent: live.
             * @enum {string}
             */
            delivery?: "paused" | "resuming";
            /** @description Absent: all entity types. */
            entityTypes?: ("USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY")[];
            /**
             * Format: date-time
             * @description When the subscription expired: its backlog exceeded the limit and its queue was deleted.
             */
            expiredSince?: string;
            /**
             * @description dropping: its queue is being deleted. dropped: its queue is deleted. returned: the subscriber receives events again, but has not rebuilt its replica yet.
             * @enum {string}
             */
            expiryState?: "dropping" | "dropped" | "returned";
            /** @description Who has paused it, and since when. It is paused until each of them has ended. Absent: nobody. */
            pauses?: components["schemas"]["PauseDto"][];
            /** @example user.profile */
            publisher: string;
            /** @example sharing */
            subscriber: string;
        };
        SubscriptionDtoPage: {
            items: components["schemas"]["SubscriptionDto"][];
            /** @description Pass it as `after` to get the next page. Absent on the last page. */
            next?: string;
        };
        TappedEventDto: {
            /**
             * Format: date-time
             * @description When an event manager had forwarded it.
             */
            at: string;
            /**
             * Format: date-time
             * @description When the change was made, by the publisher’s clock.
             */
            changedAt?: string;
            /** @description The services that it was forwarded to. */
            destinations: string[];
            /** @description Decoded, without its secrets. Left out: not requested, too large, or not decodable. */
            entity?: {
                [key: string]: unknown;
            };
            /** @description Left out: a legacy publisher’s event whose entity can’t be decoded. */
            entityId?: string;
            /** @enum {string} */
            entityType: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
            /** @example user.profile:42 */
            eventId?: string;
            /** @description The event manager that forwarded it. */
            manager: string;
            /** @enum {string} */
            operation: "CREATE" | "READ" | "UPDATE" | "DELETE";
            /** @example user.profile */
            publisher: string;
            /** @description Bytes of the message. */
            size: number;
            /** @description Left out: the change was not traced. */
            traceId?: string;
            /** @description A decimal number. Left out: a legacy publisher’s event. */
            version?: string;
        };
        TopologyChangesDto: {
            /** Format: date-time */
            at: string;
            /** @description New and changed ones, complete. */
            edges?: components["schemas"]["EdgeDto"][];
            intake?: components["schemas"]["QueueLevelDto"];
            /** @description All managers, if any has changed. */
            managers?: components["schemas"]["ManagerNodeDto"][];
            removedEdges?: components["schemas"]["EdgeKeyDto"][];
            removedServices?: string[];
            /** @description One more than the revision that it is based on. */
            revision: number;
            /** @description New and changed ones, complete. */
            services?: components["schemas"]["ServiceNodeDto"][];
            /** @description All troubles, if any has changed. */
            troubles?: components["schemas"]["TroubleDto"][];
        };
        TopologyDto: {
            /** Format: date-time */
            at: string;
            /** @description One per subscription. */
            edges: components["schemas"]["EdgeDto"][];
            /** @description The managers’ own queue, through which all events go. */
            intake?: components["schemas"]["QueueLevelDto"];
            managers: components["schemas"]["ManagerNodeDto"][];
            revision: number;
            services: components["schemas"]["ServiceNodeDto"][];
            /** @description What is wrong at the moment, errors first. */
            troubles: components["schemas"]["TroubleDto"][];
        };
        TroubleDto: {
            /**
             * @description Why the queue takes no events.
             * @enum {string}
             */
            cause?: "refuses" | "missing" | "silent" | "slow";
            /** @description What it means for the data, and what to check. */
            detail: string;
            /** @description Stays the same while the trouble lasts. */
            id: string;
            /**
             * @description The console’s page on which to act on it.
             * @enum {string}
             */
            page: "overview" | "cluster" | "subscriptions" | "parked";
            queue?: string;
            /** @description The affected service. Left out: the event managers. */
            service?: string;
            /**
             * @description error: events do not get through, or changes are missing.
             * @enum {string}
             */
            severity: "error" | "warning";
            /**
             * Format: date-time
             * @description Left out: unknown.
             */
            since?: string;
            /** @example sharing’s queue takes no events */
            title: string;
        };
        ZooKeeperReportDto: {
            lastFault?: string;
            reconnects: number;
            servers: components["schemas"]["ZooKeeperServerDto"][];
            /** Format: date-time */
            since: string;
            /**
             * @description State of the subscription map. degraded: events are routed from memory.
             * @enum {string}
             */
            state: "loading" | "ready" | "degraded" | "stopped";
        };
        ZooKeeperServerDto: {
            /** @example 127.0.0.1:2181 */
            address: string;
            /** @description Why the state is unknown: the server is unreachable, or does not allow the command `srvr`. */
            fault?: string;
            /** @description standalone, leader, follower or observer. */
            mode?: string;
            /** @example 3.8.4 */
            version?: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    AuditController_list: {
        parameters: {
            query?: {
                /** @description Only entries whose action contains this text. */
                action?: string;
                /** @description The `next` of the previous page. Default: the first page. */
                after?: string;
                /** @description Maximum number of items in the response. */
                limit?: number;
                result?: "started" | "done" | "refused" | "failed";
                /** @description Only entries of this principal. */
                who?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEntryDtoPage"];
                };
            };
            /** @description No valid credential. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Requires the role viewer. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ClusterController_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClusterDto"];
                };
            };
            /** @description No valid credential. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Requires the role viewer. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ContractChecksController_check: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContractCheckDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContractCheckResultDto"];
                };
            };
            /** @description No schema is registered for this publisher and entity type. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    DeferredEventController_list: {
        parameters: {
            query: {
                /** @description Maximum number of items. */
                limit?: number;
                /** @description The service whose deferred events are listed. */
                service: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeferredEventListDto"];
                };
            };
        };
    };
    EntitiesController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                entityId: string;
                entityType: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
                publisher: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntityReportDto"];
                };
            };
        };
    };
    TailController_follow: {
        parameters: {
            query?: {
                /** @description Include the decoded entities. Requires the role operator. */
                content?: boolean;
                /** @description Only events of the entity with this id. */
                entityId?: string;
                entityType?: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
                operation?: "CREATE" | "READ" | "UPDATE" | "DELETE";
                /** @description Only events of this publisher. */
                publisher?: string;
                /** @description Only events forwarded to this service. */
                subscriber?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events `event`, `skipped` and `end`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description No valid credential. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Requires the role viewer. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Too many streams are open. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    FlowController_get: {
        parameters: {
            query?: {
                minutes?: number;
                /** @description Only events of this publisher. */
                publisher?: string;
                /** @description Only events for this service. Without publisher and subscriber: all events. */
                subscriber?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlowDto"];
                };
            };
            /** @description No valid credential. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Requires the role viewer. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    IdentityController_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityDto"];
                };
            };
            /** @description No valid credential. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Requires the role viewer. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    TopologyController_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events `topology`, `changes` and `end`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description No valid credential. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Requires the role viewer. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Too many streams are open. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    MeController_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeDto"];
                };
            };
            /** @description No valid credential. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Requires the role viewer. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    MembersController_list: {
        parameters: {
            query?: {
                /** @description The `next` of the previous page. Default: the first page. */
                after?: string;
                /** @description Maximum number of items in the response. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberDtoPage"];
                };
            };
        };
    };
    ParkedController_list: {
        parameters: {
            query?: {
                /** @description The `next` of the previous page. Default: the first page. */
                after?: string;
                /** @description Only events of this entity type. */
                entityType?: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
                /** @description Only events whose last failure was before this time. */
                failedBefore?: string;
                /** @description Maximum number of items in the response. */
                limit?: number;
                /** @description Only events of this publisher. */
                publisher?: string;
                /** @description Only events with this reason code. */
                reasonCode?: string;
                /** @description Only events parked by this service (`db.event`: by the event manager). Absent: by the manager and all services in the map. */
                service?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParkedEventDtoPage"];
                };
            };
        };
    };
    ParkedController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                service: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParkedEventDetailDto"];
                };
            };
        };
    };
    ParkedController_discard: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                service: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DiscardDto"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ParkedController_redrive: {
        parameters: {
            query?: {
                /** @description Only report what a redrive would do; change nothing. */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                id: string;
                service: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Result of a dry run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RedrivenDto"];
                };
            };
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ParkedController_redriveAll: {
        parameters: {
            query?: {
                /** @description Only report what a redrive would do; change nothing. */
                dryRun?: boolean;
                /** @description Only events of this entity type. */
                entityType?: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
                /** @description Only events whose last failure was before this time. */
                failedBefore?: string;
                /** @description Only events of this publisher. */
                publisher?: string;
                /** @description Only events with this reason code. */
                reasonCode?: string;
            };
            header?: never;
            path: {
                service: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RedrivenDto"];
                };
            };
        };
    };
    ReconcileController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunListDto"];
                };
            };
        };
    };
    ReconcileController_start: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PostRunDto"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDto"];
                };
            };
            /** @description A run of the same publisher, subscriber and entity type is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ReconcileSchedulesController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleListDto"];
                };
            };
        };
    };
    ReconcileSchedulesController_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                entityType: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
                publisher: string;
                subscriber: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutScheduleDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleDto"];
                };
            };
        };
    };
    ReconcileSchedulesController_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                entityType: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
                publisher: string;
                subscriber: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ReconcileController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDto"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ReconcileController_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDto"];
                };
            };
            /** @description The run is over. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ReconcileController_pause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDto"];
                };
            };
            /** @description The run is over. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ReconcileController_resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDto"];
                };
            };
            /** @description The run is over. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    SchemasController_list: {
        parameters: {
            query?: {
                /** @description The `next` of the previous page. Default: the first page. */
                after?: string;
                /** @description Maximum number of items in the response. */
                limit?: number;
                /** @description Only schemas of this publisher. */
                publisher?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchemaVersionDtoPage"];
                };
            };
        };
    };
    SchemasController_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                entityType: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
                publisher: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutSchemaDto"];
            };
        };
        responses: {
            /** @description The newest version is identical. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisteredSchemaDto"];
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisteredSchemaDto"];
                };
            };
        };
    };
    SchemasController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                entityType: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
                publisher: string;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisteredSchemaDto"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ServicesController_list: {
        parameters: {
            query?: {
                /** @description The `next` of the previous page. Default: the first page. */
                after?: string;
                /** @description Maximum number of items in the response. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceDtoPage"];
                };
            };
        };
    };
    BrokerUsersController_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                service: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutBrokerUserDto"];
            };
        };
        responses: {
            /** @description The user existed; its rights have been set. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BrokerUserDto"];
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BrokerUserDto"];
                };
            };
            /** @description No valid credential. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Requires the role admin. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    BrokerUsersController_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                service: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Requires the role admin. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    SubscriptionsController_list: {
        parameters: {
            query?: {
                /** @description The `next` of the previous page. Default: the first page. */
                after?: string;
                /** @description Maximum number of items in the response. */
                limit?: number;
                /** @description Only subscriptions to this publisher. */
                publisher?: string;
                /** @description Only subscriptions of this service. */
                subscriber?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriptionDtoPage"];
                };
            };
        };
    };
    SubscriptionsController_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                publisher: string;
                subscriber: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutSubscriptionDto"];
            };
        };
        responses: {
            /** @description The subscription existed and has been updated. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriptionDto"];
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriptionDto"];
                };
            };
        };
    };
    SubscriptionsController_remove: {
        parameters: {
            query?: {
                /** @description delete: also deletes the service’s queue with its events. Rejected while the service has other subscriptions. */
                queue?: "keep" | "delete";
            };
            header?: never;
            path: {
                publisher: string;
                subscriber: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    SubscriptionsController_pause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                publisher: string;
                subscriber: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriptionDto"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    SubscriptionsController_receipt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                publisher: string;
                subscriber: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RouteReceiptDto"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    SubscriptionsController_resume: {
        parameters: {
            query?: {
                /** @description Whose pause to end. Default: the caller’s. */
                by?: string;
            };
            header?: never;
            path: {
                publisher: string;
                subscriber: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriptionDto"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Only others have paused it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    TopologyController_topology: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TopologyDto"];
                };
            };
            /** @description No valid credential. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Requires the role viewer. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ConsoleConfigController_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleConfigDto"];
                };
            };
        };
    };
    HealthController_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The Health Check is successful */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up"
                         *       }
                         *     }
                         */
                        details?: {
                            [key: string]: {
                                status: string;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                        /** @example {} */
                        error?: {
                            [key: string]: {
                                status: string;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up"
                         *       }
                         *     }
                         */
                        info?: {
                            [key: string]: {
                                status: string;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /** @example ok */
                        status?: string;
                    };
                };
            };
            /** @description The Health Check is not successful */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up"
                         *       },
                         *       "redis": {
                         *         "status": "down",
                         *         "message": "Could not connect"
                         *       }
                         *     }
                         */
                        details?: {
                            [key: string]: {
                                status: string;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                        /**
                         * @example {
                         *       "redis": {
                         *         "status": "down",
                         *         "message": "Could not connect"
                         *       }
                         *     }
                         */
                        error?: {
                            [key: string]: {
                                status: string;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up"
                         *       }
                         *     }
                         */
                        info?: {
                            [key: string]: {
                                status: string;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /** @example error */
                        status?: string;
                    };
                };
            };
        };
    };
    HealthController_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The Health Check is successful */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up"
                         *       }
                         *     }
                         */
                        details?: {
                            [key: string]: {
                                status: string;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                        /** @example {} */
                        error?: {
                            [key: string]: {
                                status: string;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up"
                         *       }
                         *     }
                         */
                        info?: {
                            [key: string]: {
                                status: string;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /** @example ok */
                        status?: string;
                    };
                };
            };
            /** @description The Health Check is not successful */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up"
                         *       },
                         *       "redis": {
                         *         "status": "down",
                         *         "message": "Could not connect"
                         *       }
                         *     }
                         */
                        details?: {
                            [key: string]: {
                                status: string;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                        /**
                         * @example {
                         *       "redis": {
                         *         "status": "down",
                         *         "message": "Could not connect"
                         *       }
                         *     }
                         */
                        error?: {
                            [key: string]: {
                                status: string;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up"
                         *       }
                         *     }
                         */
                        info?: {
                            [key: string]: {
                                status: string;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /** @example error */
                        status?: string;
                    };
                };
            };
        };
    };
}
