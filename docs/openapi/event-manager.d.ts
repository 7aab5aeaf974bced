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
         * @description Who changed what, when, from where, with which result: of all managers, newest first.
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
         * Show the machinery
         * @description Event managers, broker, ZooKeeper and the instances of services: how they are, and which version they run.
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
         * @description Whether an entity may be published as this IDL says, and which subscribers of such entities that would break. Changes nothing.
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
         * List what a service holds
         * @description The events that a service keeps until what they depend on is applied.
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
         * Show where an entity stands
         * @description Where an entity stands: at its source, and in each service that is subscribed to such entities. Which fields differ is for everybody, what they hold for operators.
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
         * @description Events as event managers send them on, as server-sent events: `event` (TappedEventDto), 50 a second at most; `skipped` (SkippedEventsDto) tells how many more there were. Heartbeats are not shown. Ends like the live topology. A viewer sees which entities change, an operator what they become (`content=true`).
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
         * Show what flowed in the last hour
         * @description Along one subscription, from one publisher, to one subscriber, or in all, as far as this manager has known it since its start.
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
         * Show whether identity is enforced, and who forged
         * @description Whether services must prove who they are, and who pretended to be another.
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
         * Follow the whole system
         * @description The topology as it changes, as server-sent events: first `topology` (TopologyDto), then, within two seconds of a change, `changes` (TopologyChangesDto). Ends with `end` when the credential is not valid any more (`unauthorized`) or the manager stops (`stopping`); who reads too slowly is cut off. Come again for a new `topology`.
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
         * Say who asks
         * @description Who asks, and which role that is.
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
         * @description The live event managers.
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
         * @description Removes it for good.
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
         * @description Sends it back to the queue that it came from, with all its retries before it again.
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
         * @description Sends all that match back to the queue that they came from. A dry run has the service try each, handlers included, in a transaction that is rolled back, and says what would become of it.
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
         * @description Answers at once; look at the run to see how it gets on.
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
         * @description Replaces what was there. The first run starts at once.
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
         * @description It ends at its next step. What it has sent stays.
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
         * @description It stops at its next step, and keeps what it has done.
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
         * @description It goes on from where it was paused.
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
         * @description As the newest version, unless the newest says the same. Publishers of this project need not: they are asked for theirs.
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
         * @description Every service of the map, and first the event manager itself, with the depth and the consumers of its queues.
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
         * Make a service’s broker user
         * @description Makes the service’s broker user with the least rights, or sets the rights of the one that is there.
         */
        put: operations["BrokerUsersController_put"];
        post?: never;
        /**
         * Remove a service’s broker user
         * @description Its connections are closed at once. Its queues stay.
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
         * Make a subscription, or narrow it
         * @description Answers when every live manager routes by the subscription.
         */
        put: operations["SubscriptionsController_put"];
        post?: never;
        /**
         * End a subscription
         * @description Answers when no live manager routes by the subscription any more.
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
         * @description Its events wait from now on, in a queue of their own, until it is resumed. Answers when every live manager does so.
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
         * Show where a subscription’s events go
         * @description The map, the broker’s queues and bindings, compared. What is missing and can be made again is made again first.
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
         * @description The events that wait are moved on to the service, in their order, then those that come after them. Answers when that has begun; the subscription shows no `delivery` any more when it is done.
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
         * Show the whole system
         * @description All publishers, event managers, subscribers and subscriptions, with what flows and how they are, as this manager knows it now.
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
         * Say how one logs in
         * @description How one logs into the web console.
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
         * @description The process answers.
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
         * @description Whether it can do its work: 503 with the names of what is down, if not.
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
            /** @description What was asked for, without secrets. */
            input?: unknown;
            /**
             * @description HTTP status, code of an error, or what became of a subscription.
             * @example 201
             */
            outcome: string;
            /**
             * @description begun: it is being done, or the event manager died before it could say what became of it. refused: nothing was done. failed: some of it may have been done.
             * @enum {string}
             */
            result: "begun" | "done" | "refused" | "failed";
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
            /** @description Ask with `after` for the page that follows. Left out: there is none. */
            next?: string;
        };
        AuditFromDto: {
            /** @description Address of who asked. Left out: it asked by a message. */
            address?: string;
            /** @description The event manager that was asked: host and process. */
            manager: string;
        };
        AwaitedDto: {
            /** @example ada@seagrid */
            entityId: string;
            /** @enum {string} */
            entityType: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
            /** @example user.profile */
            publisher: string;
            /** @description At least this one; a decimal number. Left out: any. */
            version?: string;
        };
        BindingDto: {
            /** @example db.event.exchange */
            exchange: string;
            /** @example #.sharing.# */
            routingKey: string;
        };
        BrokerNodeDto: {
            /** @description memory, disk: it makes publishers wait. partition: it sees others no more. */
            alarms: string[];
            isRunning: boolean;
            /** @example rabbit@broker-1 */
            name: string;
        };
        BrokerReportDto: {
            /** @description Why it makes publishers wait. */
            blockedReason?: string;
            clusterName?: string;
            isConnected: boolean;
            /** @description Why the connection was lost or refused last. */
            lastFault?: string;
            /** @description Why the management API does not answer. */
            managementFault?: string;
            /** @description Left out: the management API is not configured (AMQP_MANAGEMENT_URL), or does not answer. */
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
            /** @description Shown once, when it was drawn. Left out: the user was there and keeps its own. */
            password?: string;
        };
        ClusterDto: {
            broker: components["schemas"]["BrokerReportDto"];
            managers: components["schemas"]["ManagerReportDto"][];
            /** @description Services of which an instance has been heard. */
            services: components["schemas"]["ServiceInstancesDto"][];
            zooKeeper: components["schemas"]["ZooKeeperReportDto"];
        };
        ConsoleConfigDto: {
            /** @description Left out: one can log in with an admin token only. */
            oidc?: components["schemas"]["ConsoleOidcDto"];
            /**
             * @description The event manager’s version.
             * @example 0.1.0
             */
            software: string;
        };
        ConsoleOidcDto: {
            /** @description Of a public client: authorization code with PKCE, no secret. */
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
            /** @description The Thrift IDL file, as text; with what it includes 64 KiB at most. */
            idl: string;
            /** @description The files that it includes, by the names by which they are included. */
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
            /** @description The registered version that it was compared with. */
            against: number;
            changes: components["schemas"]["SchemaChangeDto"][];
            isCompatible: boolean;
            /** @description Who is subscribed to such entities of the publisher now. */
            subscribers: string[];
        };
        DeferredEventDto: {
            /** @description How often it had failed before it was deferred. */
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
            /** @description A change that it waits for; there may be more. */
            waitsFor: components["schemas"]["AwaitedDto"];
        };
        DeferredEventListDto: {
            /** @description Those that have waited longest. */
            items: components["schemas"]["DeferredEventDto"][];
            /** @description How many the service holds in all. */
            total: number;
        };
        DifferencesDto: {
            different: number;
            extra: number;
            missing: number;
        };
        DiscardDto: {
            /** @description Why nobody needs the event any more; goes to the log. */
            reason: string;
        };
        DryRunResultDto: {
            entityId?: string;
            /** @enum {string} */
            entityType?: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
            id: string;
            /**
             * @description would apply: its handler has been tried and took it. still fails: its handler has been tried and failed again, or it can’t be used at all. would wait: what it depends on is not there. stale: the replica holds a newer state; duplicate: this very state. superseded: a newer parked event of its entity would be applied. unknown: it could not be tried.
             * @enum {string}
             */
            outcome: "would apply" | "still fails" | "would wait" | "stale" | "duplicate" | "superseded" | "unknown";
            /** @description Left out, as what follows: the message can’t be read. */
            publisher?: string;
            /** @description Why it fails, waits, or is not known. */
            reason?: string;
            /** @description A decimal number. */
            version?: string;
        };
        EdgeDto: {
            /** @description Its other states. */
            also?: ("expired" | "silent" | "paused" | "backfilling" | "parked" | "flowing")[];
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
             * @description The most severe state. expired: its subscriber was away for too long. silent: its subscriber’s queue has no consumer. paused: its events wait in a queue of their own. backfilling: a backfill or a repair is under way. parked: the subscriber has parked events. flowing: none of these.
             * @enum {string}
             */
            state: "expired" | "silent" | "paused" | "backfilling" | "parked" | "flowing";
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
            /** @description One for each service that is subscribed to such entities. */
            services: components["schemas"]["ReplicatedEntityDto"][];
            source: components["schemas"]["SourceEntityDto"];
        };
        FieldDifferenceDto: {
            /**
             * @description As the replica’s projection names it.
             * @example emails.0
             */
            field: string;
            /** @description What the replica has. */
            replica?: unknown;
            /** @description What the source has, as JSON; for operators. Secrets are left out. */
            source?: unknown;
        };
        FindingDto: {
            /** @example QUEUE_MISSING */
            code: string;
            message: string;
            /**
             * @description healed: it was wrong and is right now. note: worth knowing. warning: look after it.
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
            /** @description By this manager, since its start. */
            count: number;
            /** Format: date-time */
            lastSeenAt: string;
            /** @description The service that it claimed to be. */
            service: string;
            /** @description The broker user that sent it. Left out: it did not say. */
            userId?: string;
        };
        IdentityDto: {
            /** @description Messages that this manager refused since its start because they were not. */
            forged: number;
            /** @description By kind, the latest last; 1,000 kinds at most. */
            forgeries: components["schemas"]["ForgeryDto"][];
            /** @description Messages must come from the broker user of the service that they name. */
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
            /** @description The newest change of the map that it routes by; a decimal number. */
            appliedRevision?: string;
            /** @description Messages that the broker has confirmed in the services’ queues, per second. */
            forwardedPerS: number;
            /** @description Left out: ZooKeeper does not know it. */
            host?: string;
            /** @description Generated at each start of the process. */
            id: string;
            /** @description The one that answers. */
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
             * @description The newest change of the map that it routes by; a decimal number.
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
            /** @description Ask with `after` for the page that follows. Left out: there is none. */
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
            /** @description How often it was tried since it came, or was redriven. */
            attempts: number;
            /** @description Of the message, without its headers. */
            bytes: number;
            /** @enum {string} */
            crudType?: "CREATE" | "READ" | "UPDATE" | "DELETE";
            /** @description The entity; secrets are not shown. Left out: it can’t be read. */
            entity?: {
                [key: string]: unknown;
            };
            entityId?: string;
            /** @enum {string} */
            entityType?: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
            /** Format: date-time */
            firstFailedAt?: string;
            /** @description Unique among what is parked of the service. */
            id: string;
            /** Format: date-time */
            lastFailedAt?: string;
            /** @description The AMQP message id. */
            messageId?: string;
            /**
             * @description Left out, as what follows: the message can’t be read.
             * @example user.profile
             */
            publisher?: string;
            reason: string;
            /** @example HANDLER_FAILED */
            reasonCode: string;
            /** @description How often it was redriven. */
            redrives: number;
            /**
             * @description stale: the replica holds this or a newer state of the entity; a redrive would change nothing. unknown: the service is not running, or the event says not which entity it is of.
             * @enum {string}
             */
            relevance: "stale" | "relevant" | "unknown";
            /** @description What the replica holds of the entity now. */
            replica?: components["schemas"]["ReplicaVersionDto"];
            /** @example sharing */
            service: string;
            stack: string;
            /** @description A decimal number. Left out: the event of an old publisher. */
            version?: string;
        };
        ParkedEventDto: {
            /** @description How often it was tried since it came, or was redriven. */
            attempts: number;
            /** @enum {string} */
            crudType?: "CREATE" | "READ" | "UPDATE" | "DELETE";
            entityId?: string;
            /** @enum {string} */
            entityType?: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
            /** Format: date-time */
            firstFailedAt?: string;
            /** @description Unique among what is parked of the service. */
            id: string;
            /** Format: date-time */
            lastFailedAt?: string;
            /**
             * @description Left out, as what follows: the message can’t be read.
             * @example user.profile
             */
            publisher?: string;
            reason: string;
            /** @example HANDLER_FAILED */
            reasonCode: string;
            /** @description How often it was redriven. */
            redrives: number;
            /**
             * @description stale: the replica holds this or a newer state of the entity; a redrive would change nothing. unknown: the service is not running, or the event says not which entity it is of.
             * @enum {string}
             */
            relevance: "stale" | "relevant" | "unknown";
            /** @example sharing */
            service: string;
            /** @description A decimal number. Left out: the event of an old publisher. */
            version?: string;
        };
        ParkedEventDtoPage: {
            items: components["schemas"]["ParkedEventDto"][];
            /** @description Ask with `after` for the page that follows. Left out: there is none. */
            next?: string;
        };
        PostRunDto: {
            /** @enum {string} */
            entityType: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
            /**
             * @description An audit only reports; a repair heals; a backfill repairs what is empty.
             * @enum {string}
             */
            kind: "backfill" | "audit" | "repair";
            /**
             * @description Nothing is sent while more messages wait for the subscriber.
             * @default 1000
             */
            maxQueueDepth?: number;
            /**
             * @description Most rows sent in a second.
             * @default 2000
             */
            maxRowsPerSecond?: number;
            /** @example user.profile */
            publisher: string;
            /** @example sharing */
            subscriber: string;
            /**
             * @description How long a difference may be a change on its way, ms.
             * @default 5000
             */
            verifyAfterMs?: number;
        };
        PutBrokerUserDto: {
            /**
             * @description An old service, which declares the event exchange and its own queue itself, and so needs more rights. Default: false.
             * @default false
             */
            declaresItself?: boolean;
            /**
             * @description Give a user that exists a new password. Default: false.
             * @default false
             */
            rotate?: boolean;
        };
        PutScheduleDto: {
            /**
             * @description From the start of one run to the start of the next.
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
             * @description Most rows sent in a second.
             * @default 2000
             */
            maxRowsPerSecond?: number;
            /**
             * @description How long a difference may be a change on its way, ms.
             * @default 5000
             */
            verifyAfterMs?: number;
        };
        PutSchemaDto: {
            /** @description The Thrift IDL file, as text; with what it includes 64 KiB at most. */
            idl: string;
            /** @description The files that it includes, by the names by which they are included. */
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
            /** @description Only changes of these entity types. Left out: all of them, also those that do not exist yet. */
            entityTypes?: ("USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY")[];
        };
        QueueDto: {
            consumers: number;
            /** @description Messages waiting, not counting those delivered and unacknowledged. */
            messages: number;
            /** @example sharing.queue */
            name: string;
        };
        QueueLevelDto: {
            consumers: number;
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
            /** @description Could not be sent back; they stay parked. */
            failed: number;
            /** @description Why the first of them could not. */
            failure?: string;
            /** @description Of a dry run: what would become of each. */
            forecasts?: components["schemas"]["DryRunResultDto"][];
            /** @description Of a dry run: more match than it has looked at (2,000, or 32 MiB). */
            hasMore?: boolean;
            /**
             * @description Of a dry run: how many events there are of each outcome.
             * @example {
             *       "would apply": 12,
             *       "still fails": 1
             *     }
             */
            plan?: {
                [key: string]: number;
            };
            /** @description Confirmed in the queue that they had come from. */
            redriven: number;
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
            /** @description Who did; the publisher’s own name, if it was asked by the event manager. */
            registeredBy: string;
            struct: string;
            /** @description 1 for the first; the newest 20 are kept. */
            version: number;
        };
        ReplicatedEntityDto: {
            /** Format: date-time */
            appliedAt?: string;
            deferred?: components["schemas"]["DeferredEventDto"];
            deleted?: boolean;
            /** @description The compared fields that differ from the source. Left out: source or replica can’t show the entity. */
            differences?: components["schemas"]["FieldDifferenceDto"][];
            parked?: components["schemas"]["ParkedEventDto"][];
            /** @description Why the service can’t be asked. */
            reason?: string;
            /** @example sharing */
            service: string;
            /**
             * @description current: as the source. deferred, parked: a newer version waits for what it depends on, or can’t be applied. underway: a newer version is on its way, or lost. different: has what the source has not, or lacks what it never published. unhandled: subscribed, but without a handler. unknown: the publisher can’t be asked. unreachable: see `reason`.
             * @enum {string}
             */
            state: "current" | "deferred" | "parked" | "underway" | "different" | "unhandled" | "unknown" | "unreachable";
            /** @description What it has; a decimal number. Left out: it never had the entity. */
            version?: string;
        };
        ReplicaVersionDto: {
            deleted: boolean;
            /** @description A decimal number. */
            version: string;
        };
        RouteQueueDto: {
            /** @description Left out without AMQP_MANAGEMENT_URL. */
            bindings?: components["schemas"]["BindingDto"][];
            consumers: number;
            /**
             * @description Left out without AMQP_MANAGEMENT_URL.
             * @example quorum
             */
            kind?: string;
            /** @description Messages waiting, without those delivered and unacknowledged. */
            messages: number;
            /** @example sharing.queue */
            name: string;
        };
        RouteReceiptDto: {
            findings: components["schemas"]["FindingDto"][];
            /**
             * @description Where an event goes now.
             * @example sharing.queue
             */
            goesTo: string;
            /** @description Live event managers; all of them route by the map that is shown. */
            managers: number;
            /** @description The service’s queue. */
            queue: components["schemas"]["RouteQueueDto"];
            /** @description As this manager’s map has it. */
            subscription: components["schemas"]["SubscriptionDto"];
            /** @description Where events wait while it is paused. Left out if it is live. */
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
            /** @description Entities compared, of this pass. */
            compared: number;
            /** @description Entities that differed. */
            differing: number;
            /** Format: date-time */
            endedAt?: string;
            /** @enum {string} */
            entityType: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
            /** @description Why it failed. */
            error?: string;
            /** @description What was found. */
            found: components["schemas"]["DifferencesDto"];
            id: string;
            /** @description Of a run that is done. */
            isEqual?: boolean;
            /** @enum {string} */
            kind: "backfill" | "audit" | "repair";
            /** @description What is left: of an audit all that it found. */
            left: components["schemas"]["DifferencesDto"];
            options: components["schemas"]["RunOptionsDto"];
            /** @description A healing run goes over all of it again, to see that it has healed. From 1. */
            pass: number;
            publisher: string;
            /** @description Of what is left, the first 100 empty ranges. */
            ranges: components["schemas"]["RangeDifferenceDto"][];
            /** @description Orphans removed. */
            removed: number;
            /** Format: date-time */
            requestedAt: string;
            /** @description A person, or: subscription, schedule, expiry. */
            requestedBy: string;
            /** @description Of what is left, the first 100 entities. */
            rows: components["schemas"]["RowDifferenceDto"][];
            /** @description Compared in a second, of this pass. */
            rowsPerSecond?: number;
            /** @description Seconds that this pass will still take. */
            secondsLeft?: number;
            sent: number;
            sentBytes: number;
            /** @description Entities at the source when the run began. */
            sourceRows: number;
            /** Format: date-time */
            startedAt?: string;
            /** @enum {string} */
            state: "pending" | "running" | "paused" | "done" | "failed" | "cancelled";
            /**
             * @description Of a run that is done.
             * @example equal as of version 4711
             */
            statement?: string;
            subscriber: string;
            /** @description What it waits for. */
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
             * @description Most rows sent in a second.
             * @default 2000
             */
            maxRowsPerSecond?: number;
            /**
             * @description How long a difference may be a change on its way, ms.
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
             * @description Left out: it has not started yet.
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
            /** @description The subscribers of such entities that it would break, as far as is known. */
            breaksSubscribers: string[];
            isCompatible: boolean;
            /** @example UserProfile.emails */
            path: string;
            /**
             * @description Its name in docs/how-to/change-an-entity.md.
             * @example required-removed
             */
            rule: string;
            /** @example 5 was required and is gone */
            what: string;
        };
        SchemaVersionDto: {
            /** @enum {string} */
            entityType: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
            /** @example user.profile */
            publisher: string;
            /** @description 1 for the first; the newest 20 are kept. */
            version: number;
        };
        SchemaVersionDtoPage: {
            items: components["schemas"]["SchemaVersionDto"][];
            /** @description Ask with `after` for the page that follows. Left out: there is none. */
            next?: string;
        };
        ServiceDto: {
            /** @example sharing */
            name: string;
            /** @description The queue of its parked events. Left out: there is none. */
            parked?: components["schemas"]["QueueDto"];
            /** @description Its work queue. Left out: there is none. */
            queue?: components["schemas"]["QueueDto"];
            /** @description The services that hear it. */
            subscribers: string[];
            /** @description The publishers that it hears. */
            subscribesTo: string[];
        };
        ServiceDtoPage: {
            items: components["schemas"]["ServiceDto"][];
            /** @description Ask with `after` for the page that follows. Left out: there is none. */
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
            /** @description Why the publisher can’t be asked. */
            reason?: string;
            /**
             * @description unpublished: the publisher has no version of it: it never published it, or deleted it so long ago that it has forgotten. unreachable: see `reason`.
             * @enum {string}
             */
            status: "present" | "deleted" | "unpublished" | "unreachable";
            /** @description Versions that the publisher has yet to send. */
            unpublished?: string[];
            /** @description Of its last change; a decimal number. */
            version?: string;
        };
        SubscriptionDto: {
            /**
             * @description paused: its events wait in a queue of their own. resuming, draining: they are being moved on. Left out: they go straight to the service.
             * @enum {string}
             */
            delivery?: "paused" | "resuming" | "draining";
            /** @description Left out: all entity types. */
            entityTypes?: ("USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY")[];
            /**
             * Format: date-time
             * @description When it expired: its subscriber stayed away for too long, and its queue was deleted.
             */
            expiredSince?: string;
            /**
             * @description Of a expiry. returned: the subscriber gets events again, and has not rebuilt itself yet.
             * @enum {string}
             */
            expiryState?: "dropping" | "dropped" | "returned";
            /** @example user.profile */
            publisher: string;
            /** @example sharing */
            subscriber: string;
        };
        SubscriptionDtoPage: {
            items: components["schemas"]["SubscriptionDto"][];
            /** @description Ask with `after` for the page that follows. Left out: there is none. */
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
        };
        ZooKeeperReportDto: {
            lastFault?: string;
            reconnects: number;
            servers: components["schemas"]["ZooKeeperServerDto"][];
            /** Format: date-time */
            since: string;
            /**
             * @description Of the subscription map. degraded: routing goes on from memory.
             * @enum {string}
             */
            state: "loading" | "ready" | "degraded" | "stopped";
        };
        ZooKeeperServerDto: {
            /** @example 127.0.0.1:2181 */
            address: string;
            /** @description Why it does not say: it can’t be reached, or its command `srvr` is closed. */
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
                /** @description Only actions that contain this text. */
                action?: string;
                /** @description The `next` of the page before; left out: from the beginning. */
                after?: string;
                /** @description Most items in the answer. */
                limit?: number;
                result?: "begun" | "done" | "refused" | "failed";
                /** @description Only what this principal did. */
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
            /** @description Needs the role viewer. */
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
            /** @description Needs the role viewer. */
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
            /** @description No schema is registered of such entities. */
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
                /** @description Most items in the answer. */
                limit?: number;
                /** @description The service that holds them. */
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
                /** @description Show the decoded entities too. Needs the role operator. */
                content?: boolean;
                /** @description Only events of the entity with this id. */
                entityId?: string;
                entityType?: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
                operation?: "CREATE" | "READ" | "UPDATE" | "DELETE";
                /** @description Only events of this publisher. */
                publisher?: string;
                /** @description Only events that go to this service. */
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
            /** @description Needs the role viewer. */
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
                /** @description Only what this publisher sends. */
                publisher?: string;
                /** @description Only what this service gets. Neither: everything. */
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
            /** @description Needs the role viewer. */
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
            /** @description Needs the role viewer. */
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
            /** @description Needs the role viewer. */
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
            /** @description Needs the role viewer. */
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
                /** @description The `next` of the page before; left out: from the beginning. */
                after?: string;
                /** @description Most items in the answer. */
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
                /** @description The `next` of the page before; left out: from the beginning. */
                after?: string;
                /** @description Only events of this entity type. */
                entityType?: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
                /** @description Only events that failed last before this time. */
                failedBefore?: string;
                /** @description Most items in the answer. */
                limit?: number;
                /** @description Only events of this publisher. */
                publisher?: string;
                /** @description Only events that are parked for this reason. */
                reasonCode?: string;
                /** @description Only what is parked of this service (`db.event`: of the event manager). Left out: of all in the map. */
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
                /** @description Tell what would become of it; change nothing. */
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
            /** @description What a dry run has found. */
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
                /** @description Tell what would become of it; change nothing. */
                dryRun?: boolean;
                /** @description Only events of this entity type. */
                entityType?: "USER_PROFILE" | "TENANT" | "GROUP" | "PROJECT" | "EXPERIMENT" | "APPLICATION" | "SHARING" | "REGISTRY";
                /** @description Only events that failed last before this time. */
                failedBefore?: string;
                /** @description Only events of this publisher. */
                publisher?: string;
                /** @description Only events that are parked for this reason. */
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
            /** @description It is over. */
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
            /** @description It is over. */
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
            /** @description It is over. */
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
                /** @description The `next` of the page before; left out: from the beginning. */
                after?: string;
                /** @description Most items in the answer. */
                limit?: number;
                /** @description Only of this publisher. */
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
            /** @description It is what the newest version says already. */
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
                /** @description The `next` of the page before; left out: from the beginning. */
                after?: string;
                /** @description Most items in the answer. */
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
            /** @description It was there; its rights are as they should be now. */
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
            /** @description Needs the role admin. */
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
            /** @description Needs the role admin. */
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
                /** @description The `next` of the page before; left out: from the beginning. */
                after?: string;
                /** @description Most items in the answer. */
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
            /** @description It existed; it is as asked for now. */
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
                /** @description delete: the service’s queue goes too, with the events in it. Refused while it has other subscriptions. */
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
            /** @description Needs the role viewer. */
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
