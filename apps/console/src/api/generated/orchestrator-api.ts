// Made by `npm run console:types` from the OpenAPI document of orchestrator. Do not edit.

export interface paths {
    "/v1/bulk-actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the bulk actions with their progress, the newest first */
        get: operations["BulkActionsController_list"];
        put?: never;
        /** Act on many sagas or dead letters, one after the other; their ids are fixed now */
        post: operations["BulkActionsController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bulk-actions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One bulk action: how far it is, and what became of what it acted on */
        get: operations["BulkActionsController_find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bulk-actions/{id}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sagas or dead letters of a bulk action, the oldest first, with the result for each */
        get: operations["BulkActionsController_items"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bulk-actions/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pause it: no further item begins */
        post: operations["BulkActionsController_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bulk-actions/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let it go on, whatever became of its canaries and whatever has failed so far */
        post: operations["BulkActionsController_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bulk-actions/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End it: what is left is skipped; this is final */
        post: operations["BulkActionsController_stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the messages that no receiver could process, the newest first */
        get: operations["DeadLettersController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One dead letter with its message; sensitive data are masked */
        get: operations["DeadLettersController_find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Discard the message; this is final */
        post: operations["DeadLettersController_discard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{id}/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Redrive the message: send it again, unchanged, to its topic */
        post: operations["DeadLettersController_redrive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{id}/reveal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show the whole message, with its sensitive data; the operator log keeps who did */
        post: operations["DeadLettersController_reveal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the reasons of dead letters with how many there are, those of the most letters first */
        get: operations["DeadLettersController_groups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/definitions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The definitions this orchestrator runs, in all registered versions */
        get: operations["DefinitionsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/definitions/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A definition in full, with a flowchart */
        get: operations["DefinitionsController_find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/faults": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The armed faults */
        get: operations["FaultsController_list"];
        put?: never;
        /** Arm a fault; answers when the service knows it */
        post: operations["FaultsController_arm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/faults/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One fault */
        get: operations["FaultsController_find"];
        put?: never;
        post?: never;
        /** Disarm a fault */
        delete: operations["FaultsController_disarm"];
        options?: never;
        head?: never;
        /** Change how often, how long or whether a fault strikes */
        patch: operations["FaultsController_change"];
        trace?: never;
    };
    "/v1/faults/catalog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What can be broken, where and how */
        get: operations["FaultsController_catalog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/faults/hits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What struck, the newest first */
        get: operations["FaultsController_hits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/faults/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Disarm everything and forget what struck */
        post: operations["FaultsController_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether sagas advance, and what prevents it */
        get: operations["AdminHealthController_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the holds with their reason and the number of waiting sagas, the newest first */
        get: operations["HoldsController_list"];
        put?: never;
        /** Hold the commands to a service, one command of it, or those of one step */
        post: operations["HoldsController_place"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/holds/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One hold, active or ended */
        get: operations["HoldsController_find"];
        put?: never;
        post?: never;
        /** End a hold: the waiting sagas continue, the longest waiting first */
        delete: operations["HoldsController_end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the reasons for which sagas stand, with how many stand, those of the most sagas first */
        get: operations["IncidentsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The keys that have access, without the keys themselves */
        get: operations["SessionController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator-actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what operators did, the newest first */
        get: operations["OperatorActionsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator-actions/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The whole operator log with its hashes, the oldest entry first */
        get: operations["OperatorActionsController_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator-actions/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Compute every hash of the operator log anew, and say whether an entry was changed */
        get: operations["OperatorActionsController_verify"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How sagas, services, broker and database are, and what needs a person */
        get: operations["OverviewController_find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the sagas that fit all filters, the newest first */
        get: operations["SagasController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One saga with its steps, its whole history, and the actions available now */
        get: operations["SagasController_find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compensate the saga, as long as its pivot has not begun */
        post: operations["OperationsController_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas/{id}/diagnosis": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why the saga stands where it stands, and what happens next */
        get: operations["DiagnosisController_find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pause the saga: it accepts answers, but begins no step */
        post: operations["OperationsController_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas/{id}/recording": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The history of one saga as a file for `replay` of the test kit; sensitive fields and free texts are masked */
        get: operations["RecordingsController_find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Record the outcome of a command whose reply is not known */
        post: operations["OperationsController_resolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resume a paused saga; unanswered commands are sent again */
        post: operations["OperationsController_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send unanswered commands again, and start waiting attempts, now */
        post: operations["OperationsController_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas/{id}/signals/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give the saga a signal that it waits for now or later */
        post: operations["SignalsController_give"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas/{id}/skip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Skip the compensation of a step: its effect stays */
        post: operations["OperationsController_skip"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who you are, and your role */
        get: operations["SessionController_session"];
        put?: never;
        /** Sign in with a key; it is kept in a cookie that scripts cannot read */
        post: operations["SessionController_signIn"];
        /** Sign out: the cookie ends */
        delete: operations["SessionController_signOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of sagas over time, how long they and their steps took, and what failed */
        get: operations["StatisticsController_find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow what changes, by server-sent events
         * @description Everything, one saga, or the sagas that match filters. The first event is a ping with a position: load the lists after it, and ignore events of a saga whose revision is not greater than the loaded one. A client that was cut off sends the last id that it has seen as Last-Event-ID, to any instance, and is told what has changed since.
         */
        get: operations["StreamController_follow"];
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
        AccessKeyList: {
            items: components["schemas"]["AccessKeyView"][];
        };
        AccessKeyView: {
            /** @description As the operator log names it */
            id: string;
            /** @example ada */
            name: string;
            /** @enum {string} */
            role: "viewer" | "operator" | "admin";
            /**
             * Format: date-time
             * @description The key is refused from then on
             */
            until?: string;
        };
        ActionPreviewView: {
            /** @description The commands that would be sent */
            commands: components["schemas"]["SentView"][];
            /** Format: uuid */
            id: string;
            /** @description Why it would be paused */
            pauseAfter?: components["schemas"]["PauseView"];
            /** @description The revision of the saga as it is */
            revision: number;
            /**
             * @description The status as it is
             * @enum {string}
             */
            status: "RUNNING" | "COMPENSATING" | "PAUSED" | "COMPLETED" | "COMPENSATED";
            /**
             * @description The status after the action
             * @enum {string}
             */
            statusAfter: "RUNNING" | "COMPENSATING" | "PAUSED" | "COMPLETED" | "COMPENSATED";
        };
        AfterView: {
            /**
             * @description Why the entry made it compensate
             * @enum {string}
             */
            cause?: "refusal" | "failure" | "no-answer" | "deadline" | "cancelled" | "parent";
            /** @description Why the entry paused it */
            pause?: string;
            /** @enum {string} */
            status: "RUNNING" | "COMPENSATING" | "PAUSED" | "COMPLETED" | "COMPENSATED";
            /** @description The steps that it changed */
            steps: components["schemas"]["StepChangeView"][];
        };
        AlikeView: {
            /** @description How many sagas it has, this one included */
            count: number;
            /**
             * Format: uuid
             * @description The incident that the saga is in
             */
            incident: string;
        };
        AttributeView: {
            /** @example customerId */
            name: string;
            /** @description Whether only a hash of its values is stored for the search */
            sensitive: boolean;
            /**
             * @description Of a sensitive one: the last four characters
             * @example [
             *       "ada"
             *     ]
             */
            values: string[];
        };
        BrokenLinkView: {
            /** @description The first entry that is not what it was */
            position: number;
            /** @example Its content was changed. */
            problem: string;
        };
        BrokerOverviewView: {
            /**
             * @example [
             *       "kafka:9092"
             *     ]
             */
            brokers: string[];
            /** @description Why it did not answer this request */
            problem?: string;
            /** @enum {string} */
            status: "up" | "down";
        };
        BulkActionPage: {
            items: components["schemas"]["BulkActionView"][];
            /** @description The cursor of the next page; absent on the last */
            nextCursor?: string;
        };
        BulkActionRequest: {
            /**
             * @description redrive and discard act on open dead letters, the others on sagas
             * @enum {string}
             */
            action: "resume" | "retry" | "pause" | "cancel" | "resolve" | "skip" | "redrive" | "discard";
            /**
             * @description For resume: the most tries before a saga pauses again; by default the definition decides
             * @example 1
             */
            attempts?: number;
            /**
             * @description After this many it waits, and goes on when all of them have ended as meant
             * @example 1
             */
            canary?: number;
            /**
             * @description Only find out what would be done
             * @default false
             */
            dryRun: boolean;
            /**
             * @description How many must match; any other number is a 409
             * @example 22
             */
            expect?: number;
            /** @description Instead of where: the sagas or dead letters */
            ids?: string[];
            /**
             * @description For resolve: whether it took effect
             * @enum {string}
             */
            outcome?: "success" | "failure";
            /** @default 20 */
            ratePerSecond: number;
            /** @example The bank confirmed the outage; INC-7 */
            reason: string;
            /** @description For resolve with a success: the reply, where the contract has one */
            reply?: Record<string, never>;
            /**
             * @description For resolve and skip: the step
             * @example capture
             */
            step?: string;
            /**
             * @description Pause when one fails, or comes to another end than was meant
             * @default false
             */
            stopOnFailure: boolean;
            /** @description The filters of GET /v1/sagas, or of GET /v1/dead-letters; at least one. Instead of ids */
            where?: components["schemas"]["SagaCriteria"] | components["schemas"]["DeadLetterCriteria"];
        };
        BulkActionStreamEvent: {
            data: components["schemas"]["BulkActionView"];
            /** @enum {string} */
            event: "bulk-action";
            /** @description The position after this event, for Last-Event-ID */
            id?: string;
        };
        BulkActionView: {
            /** @enum {string} */
            action: "resume" | "retry" | "pause" | "cancel" | "resolve" | "skip" | "redrive" | "discard";
            /** @description After how many items it waits for what becomes of them */
            canary?: number;
            /** @description Whether its canaries ended as meant, or an operator resumed it all the same */
            canaryPassed: boolean;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            endedAt?: string;
            /** Format: uuid */
            id: string;
            items: components["schemas"]["ItemCountsView"];
            /** @enum {string} */
            on: "sagas" | "dead-letters";
            /**
             * @description From X-Operator; not authenticated
             * @example ada
             */
            operator: string;
            outcomes: components["schemas"]["OutcomeCountsView"];
            ratePerSecond: number;
            reason: string;
            /** @enum {string} */
            status: "running" | "waiting" | "paused" | "completed" | "stopped";
            /** @description For resolve and skip: the step */
            step?: string;
            stopOnFailure: boolean;
            /** @description How many items it has; their ids were fixed when it was created */
            total: number;
            /** @description The filters that selected its items; absent when ids were given */
            where?: components["schemas"]["SagaCriteria"] | components["schemas"]["DeadLetterCriteria"];
            /** @description Why it waits, is paused or was stopped */
            why?: string;
        };
        BulkItemPage: {
            items: components["schemas"]["BulkItemView"][];
            /** @description The cursor of the next page; absent on the last */
            nextCursor?: string;
        };
        BulkItemView: {
            /**
             * Format: date-time
             * @description When its turn came
             */
            at?: string;
            detail?: string;
            /** @description Why a saga that has not ended stands where it stands */
            diagnosis?: components["schemas"]["DiagnosisSummaryView"];
            /**
             * Format: uuid
             * @description Of the saga or dead letter
             */
            id: string;
            /** @enum {string} */
            meant?: "COMPLETED" | "COMPENSATED" | "PAUSED" | "handled" | "discarded";
            /**
             * @description Its status now; absent when it no longer exists
             * @example COMPLETED
             */
            now?: string;
            /**
             * @description What became of it after the action
             * @enum {string}
             */
            outcome?: "pending" | "as-meant" | "otherwise";
            /**
             * @description Why it was skipped or failed
             * @example not-paused
             */
            reason?: string;
            /** @description The revision of the saga that the action made */
            revision?: number;
            /** @enum {string} */
            status: "pending" | "done" | "skipped" | "failed";
        };
        CatalogView: {
            commands: components["schemas"]["CommandOfCatalog"][];
            effects: ("refuse" | "fail" | "delay" | "hang" | "drop-reply" | "duplicate-reply" | "late-reply" | "poison" | "crash")[];
            points: ("received" | "before-handler" | "before-commit" | "after-commit" | "before-publish" | "after-publish")[];
            /** @description By role and point, the effects that are possible there */
            possible: components["schemas"]["PossibleView"];
            services: string[];
            /** @description By effect, the point at which X-Saga-Fault arms it unless it says */
            usualPoints: Record<string, never>;
        };
        CauseView: {
            detail?: string;
            /** @enum {string} */
            kind: "refusal" | "failure" | "no-answer" | "deadline" | "cancelled" | "parent";
            reason: string;
            step?: string;
        };
        ChainLinkView: {
            /**
             * @description Its hash, in hexadecimal digits
             * @example 9f86d081…
             */
            hash: string;
            /** @description The number of the last entry */
            position: number;
        };
        CommandCountView: {
            /** @example payment.capture */
            command: string;
            count: number;
            /** @enum {string} */
            direction: "action" | "compensation";
        };
        CommandOfCatalog: {
            directions: string[];
            name: string;
            refusals: string[];
            service: string;
        };
        CompensatedByView: {
            /**
             * @description The kind of the cause
             * @example refusal
             */
            cause: string;
            /** @example payment.authorize */
            command?: string;
            /** @description How many sagas */
            count: number;
            /** @example place-order */
            definition: string;
            /**
             * @description The step that caused it, without the index of a branch
             * @example authorize
             */
            step?: string;
        };
        ContentView: {
            /** Format: byte */
            base64?: string;
            text?: string;
        };
        DatabaseOverviewView: {
            /** @description How long it took to answer this request, in milliseconds */
            answeredInMs: number;
            /** @description The median time of the last 50 commits of sagas, of the last minute, in milliseconds */
            commitMs?: number;
            /** @example 17.2 */
            version: string;
        };
        DatabaseStatus: {
            /** @description The median time of its commits in the last minute, in milliseconds; absent when nothing was saved */
            commitMs?: number;
        };
        DeadLetterCriteria: {
            /**
             * Format: uuid
             * @description Id of the group
             */
            group?: string;
            /**
             * @description Stored longer ago than this
             * @example 1h
             */
            olderThan?: string;
            /**
             * @description Why it could not be processed
             * @example unknown-type
             */
            reason?: string;
            /**
             * Format: uuid
             * @description Id of the saga
             */
            saga?: string;
            /**
             * @description The receiver that could not process it
             * @example inventory
             */
            service?: string;
            /**
             * @description The topic on which it arrived
             * @example inventory.commands
             */
            topic?: string;
            /**
             * @description Stored more recently than this
             * @example 1d
             */
            youngerThan?: string;
        };
        DeadLetterDetail: {
            /** @description What helps when a redrive alone does not */
            advice?: string;
            /** @description The size of its value */
            bytes: number;
            /** @description It was too large to be stored whole */
            cut: boolean;
            /** @description Who redrove, discarded or closed it */
            decision?: components["schemas"]["DecisionView"];
            /** @example inventory handles no inventory.count-stock.v1. */
            detail: string;
            /**
             * Format: uuid
             * @description Id of its group: letters for the same reason
             */
            group: string;
            headers: components["schemas"]["MessageHeaderView"][];
            /** Format: uuid */
            id: string;
            /**
             * Format: date-time
             * @description When the orchestrator stored it
             */
            keptAt: string;
            /** @description Absent when it has none */
            key?: components["schemas"]["ContentView"];
            /**
             * @description `fields`: sensitive fields of the value are masked; `whole`: key, value and headers are withheld, because no known contract describes them. POST …/reveal shows them
             * @enum {string}
             */
            masked?: "fields" | "whole";
            /**
             * Format: uuid
             * @description Its id, if it could be read
             */
            messageId?: string;
            /** @description Why a redrive cannot help; absent when it may */
            notRedrivable?: components["schemas"]["ObstacleView"];
            /** @example 42 */
            offset: string;
            /**
             * @description What became of a redriven message; absent while it is not known, as for events
             * @enum {string}
             */
            outcome?: "handled" | "failed-again";
            partition: number;
            /** @example unknown-type */
            reason: string;
            /**
             * Format: uuid
             * @description The dead letter as which the same message was redriven before
             */
            redriveOf?: string;
            /**
             * Format: uuid
             * @description The saga that the message names
             */
            saga?: string;
            /**
             * Format: date-time
             * @description When the broker acknowledged its redrive
             */
            sentAt?: string;
            /**
             * @description The receiver that could not process it
             * @example inventory
             */
            service: string;
            /** @enum {string} */
            status: "open" | "redriven" | "discarded" | "closed";
            /** @example inventory.commands */
            topic: string;
            /** @description Its CloudEvents type, if it could be read */
            type?: string;
            /** @description Absent when it has none */
            value?: components["schemas"]["ContentView"];
        };
        DeadLetterGroups: {
            /** @description How many groups there are; more than `items` when `limit` cuts them */
            groups: number;
            /** @description Those of the most dead letters first */
            items: components["schemas"]["DeadLetterGroupView"][];
        };
        DeadLetterGroupView: {
            count: number;
            /** Format: date-time */
            first: string;
            /**
             * Format: uuid
             * @description Stable: the same reason has the same id again
             */
            id: string;
            /** Format: date-time */
            last: string;
            /** @example unknown-type */
            reason: string;
            /** @description How many sagas their messages name */
            sagas: number;
            /** @description The newest of them */
            sample: components["schemas"]["DeadLetterSummary"];
            /** @example inventory */
            service: string;
            /** @enum {string} */
            status: "open" | "redriven" | "discarded" | "closed";
            /** @example inventory.commands */
            topic: string;
            /** @example inventory.reserve-stock.v1 */
            type?: string;
        };
        DeadLetterPage: {
            items: components["schemas"]["DeadLetterSummary"][];
            /** @description The cursor of the next page; absent on the last */
            nextCursor?: string;
        };
        DeadLetterStreamEvent: {
            data: components["schemas"]["DeadLetterSummary"];
            /** @enum {string} */
            event: "dead-letter";
            /** @description The position after this event, for Last-Event-ID */
            id?: string;
        };
        DeadLetterSummary: {
            /** @description The size of its value */
            bytes: number;
            /** @description It was too large to be stored whole */
            cut: boolean;
            /** @description Who redrove, discarded or closed it */
            decision?: components["schemas"]["DecisionView"];
            /** @example inventory handles no inventory.count-stock.v1. */
            detail: string;
            /**
             * Format: uuid
             * @description Id of its group: letters for the same reason
             */
            group: string;
            /** Format: uuid */
            id: string;
            /**
             * Format: date-time
             * @description When the orchestrator stored it
             */
            keptAt: string;
            /**
             * Format: uuid
             * @description Its id, if it could be read
             */
            messageId?: string;
            /** @example 42 */
            offset: string;
            /**
             * @description What became of a redriven message; absent while it is not known, as for events
             * @enum {string}
             */
            outcome?: "handled" | "failed-again";
            partition: number;
            /** @example unknown-type */
            reason: string;
            /**
             * Format: uuid
             * @description The dead letter as which the same message was redriven before
             */
            redriveOf?: string;
            /**
             * Format: uuid
             * @description The saga that the message names
             */
            saga?: string;
            /**
             * Format: date-time
             * @description When the broker acknowledged its redrive
             */
            sentAt?: string;
            /**
             * @description The receiver that could not process it
             * @example inventory
             */
            service: string;
            /** @enum {string} */
            status: "open" | "redriven" | "discarded" | "closed";
            /** @example inventory.commands */
            topic: string;
            /** @description Its CloudEvents type, if it could be read */
            type?: string;
        };
        DecisionView: {
            /** Format: date-time */
            at: string;
            /**
             * @description From X-Operator; not authenticated
             * @example ada
             */
            operator: string;
            /** @description Redriven in spite of a doubt */
            override?: components["schemas"]["OverrideView"];
            reason: string;
        };
        DefinedStage: {
            steps: components["schemas"]["DefinedStep"][];
        };
        DefinedStep: {
            action?: components["schemas"]["InvocationView"];
            /** @description The saga that it starts */
            child?: components["schemas"]["DefinitionReference"];
            /** @description Compensates the action */
            compensation?: components["schemas"]["InvocationView"];
            /** @description Whether a condition decides if it runs */
            conditional: boolean;
            /** @description It runs once per item */
            forEach?: components["schemas"]["ForEachView"];
            /** @enum {string} */
            kind: "compensation" | "compensatable" | "pivot" | "retriable" | "wait";
            name: string;
            wait?: components["schemas"]["WaitView"];
        };
        DefinitionDetail: {
            /**
             * @description How long it may take up to its pivot before it is compensated
             * @example 15m
             */
            deadline?: string;
            /** @description A flowchart, as Mermaid text */
            mermaid: string;
            /** @example place-order */
            name: string;
            /** @description In order */
            stages: components["schemas"]["DefinedStage"][];
            version: number;
            /** @description All that are registered, the oldest first */
            versions: number[];
        };
        DefinitionList: {
            items: components["schemas"]["DefinitionSummary"][];
        };
        DefinitionOverviewView: {
            /** @example place-order */
            definition: string;
            /** @description How many of its sagas have not ended, paused ones included */
            inFlight: number;
            lastHour: components["schemas"]["LastHourView"];
            /**
             * Format: date-time
             * @description When the oldest of them started, to the minute; absent when there is none
             */
            oldestStartedAt?: string;
            /** @description The newest first */
            versions: components["schemas"]["OpenVersionView"][];
        };
        DefinitionReference: {
            /** @example book-hotel */
            definition: string;
            version: number;
        };
        DefinitionSummary: {
            deadlineMs?: number;
            /** @example place-order */
            name: string;
            /** @description In order */
            stages: components["schemas"]["StageSummary"][];
            version: number;
        };
        DiagnosisSummaryView: {
            /**
             * @description For programs
             * @enum {string}
             */
            code: "waiting-for-reply" | "waiting-for-signal" | "waiting-for-child" | "backing-off" | "compensation-failing" | "held" | "broker-away" | "fault-armed" | "not-relayed" | "no-consumer" | "lagging" | "participant-silent" | "dead-letter" | "timers-late" | "paused-by-operator" | "needs-attention" | "pivot-unanswered" | "outcome-unknown" | "broken-contract" | "unfinished" | "action-forgotten" | "definition-missing" | "invalid-input" | "invalid-payload" | "invalid-definition" | "engine-fault";
            /** @description The step that it is about */
            step?: string;
            /** @example It waits for the reply of payment to payment.capture */
            summary: string;
        };
        DiagnosisView: {
            /** @description What an operator can do now, ready to be sent */
            actions: components["schemas"]["ReadyActionView"][];
            /** @description What it does after that */
            afterwards?: components["schemas"]["ExpectedView"];
            /** @description Sagas that stand for the same reason */
            alike?: components["schemas"]["AlikeView"];
            /** @description The facts behind the summary, the most important first */
            because: string[];
            /**
             * @description For programs; `ended` when nothing is left to do
             * @enum {string}
             */
            code: "waiting-for-reply" | "waiting-for-signal" | "waiting-for-child" | "backing-off" | "compensation-failing" | "held" | "broker-away" | "fault-armed" | "not-relayed" | "no-consumer" | "lagging" | "participant-silent" | "dead-letter" | "timers-late" | "paused-by-operator" | "needs-attention" | "pivot-unanswered" | "outcome-unknown" | "broken-contract" | "unfinished" | "action-forgotten" | "definition-missing" | "invalid-input" | "invalid-payload" | "invalid-definition" | "engine-fault" | "ended";
            /** @description What its steps have done to the world */
            effects: components["schemas"]["StepEffectView"][];
            /** @description What the orchestrator does next if nothing arrives meanwhile */
            next?: components["schemas"]["ExpectedView"];
            /** Format: uuid */
            sagaId: string;
            /**
             * Format: date-time
             * @description Since when it stands like this
             */
            since: string;
            /** @enum {string} */
            status: "RUNNING" | "COMPENSATING" | "PAUSED" | "COMPLETED" | "COMPENSATED";
            /** @description The step that it is about */
            step?: string;
            /** @example It waits for the reply of payment to payment.capture */
            summary: string;
        };
        DroppedStreamEvent: {
            /** @description The last event: reconnect with Last-Event-ID */
            data: components["schemas"]["DroppedView"];
            /** @enum {string} */
            event: "dropped";
            /** @description The position after this event, for Last-Event-ID */
            id?: string;
        };
        DroppedView: {
            detail: string;
            /** @enum {string} */
            reason: "slow" | "stopping" | "aged";
        };
        DryRunView: {
            /** @description What would be sent for those tried */
            commands: components["schemas"]["CommandCountView"][];
            /** @description Of those tried: on how many the action would take effect */
            effective: number;
            /** @description The first of them */
            items: components["schemas"]["ItemPreviewView"][];
            /** @description How many sagas or dead letters match */
            matched: number;
            /** @description Of those tried: which would be skipped, and why */
            skipped: components["schemas"]["SkipCountView"][];
            /** @description How many of them were tried, the oldest */
            tried: number;
        };
        EffectRequest: {
            /** @description How long to delay, to hang at most, or how late a reply comes */
            ms?: number;
            /**
             * @description Of a refusal: one that the command declares
             * @example card-declined
             */
            reason?: string;
            /** @enum {string} */
            type: "refuse" | "fail" | "delay" | "hang" | "drop-reply" | "duplicate-reply" | "late-reply" | "poison" | "crash";
        };
        ExpectedView: {
            /** Format: date-time */
            at: string;
            /** @example sends payment.capture again */
            what: string;
        };
        FailureView: {
            detail?: string;
            reason: string;
            /** @example capture */
            step: string;
        };
        FaultChange: {
            /**
             * @description How many messages it strikes; all when it is not said
             * @example 1
             */
            count?: number;
            /** @description A rule that is not enabled strikes nobody */
            enabled?: boolean;
            /** @description The share of business keys that it strikes */
            probability?: number;
            /** @description Another seed strikes other business keys; the same seed the same ones */
            seed?: string;
            /**
             * @description When it ends by itself
             * @example 10m
             */
            ttl?: string;
        };
        FaultChangeView: {
            /**
             * Format: uuid
             * @description Of the fault
             */
            id: string;
        };
        FaultList: {
            items: components["schemas"]["FaultView"][];
        };
        FaultRequest: {
            /**
             * @description Only this attempt of a step
             * @example 1
             */
            attempt?: number;
            /**
             * @description Every command when it is not said
             * @example payment.capture
             */
            command?: string;
            /**
             * @description How many messages it strikes; all when it is not said
             * @example 1
             */
            count?: number;
            /** @enum {string} */
            direction?: "action" | "compensation";
            /**
             * @example {
             *       "type": "drop-reply"
             *     }
             */
            effect: components["schemas"]["EffectRequest"];
            /** @description Strike a message each time that it passes, and not once only */
            every?: boolean;
            /**
             * @example before-publish
             * @enum {string}
             */
            point: "received" | "before-handler" | "before-commit" | "after-commit" | "before-publish" | "after-publish";
            /** @description The share of business keys that it strikes */
            probability?: number;
            /** @description Another seed strikes other business keys; the same seed the same ones */
            seed?: string;
            /**
             * @description The service in whose process it strikes
             * @example payment
             */
            service: string;
            /** @description How many messages pass before it strikes */
            skip?: number;
            /** @description Business key, such as an order id */
            subject?: string;
            /**
             * @description When it ends by itself
             * @example 10m
             */
            ttl?: string;
        };
        FaultStreamEvent: {
            /** @description In development: it was armed, changed or disarmed */
            data: components["schemas"]["FaultChangeView"];
            /** @enum {string} */
            event: "fault";
            /** @description The position after this event, for Last-Event-ID */
            id?: string;
        };
        FaultView: {
            /** Format: date-time */
            armedAt: string;
            attempt?: number;
            /** @description Instances of the service that do not know it yet */
            behind: number;
            command?: string;
            count?: number;
            direction?: string;
            effect: components["schemas"]["EffectRequest"];
            enabled: boolean;
            every?: boolean;
            /** Format: date-time */
            expiresAt?: string;
            /** @description How many messages it struck */
            hits: number;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            point: "received" | "before-handler" | "before-commit" | "after-commit" | "before-publish" | "after-publish";
            probability?: number;
            /** @description Instances of the service that know it */
            reached: number;
            seed?: string;
            service: string;
            skip?: number;
            subject?: string;
        };
        FieldProblem: {
            /** @example lines[0].quantity */
            field: string;
            /** @example must not be less than 1 */
            problem: string;
        };
        ForEachView: {
            /** @description How many branches run at once */
            concurrency: number;
        };
        HealthView: {
            database: components["schemas"]["DatabaseStatus"];
            orchestrator: components["schemas"]["OrchestratorStatus"];
            /** @enum {string} */
            status: "ok" | "error";
        };
        HeldView: {
            /**
             * Format: uuid
             * @description Absent when the hold has ended and the release of this saga is pending
             */
            hold?: string;
            /** Format: date-time */
            since: string;
            /** @example payment has answered nobody for 25 s */
            why: string;
        };
        HistoryView: {
            /** @description Absent where this instance lacks the definition, or has one that leads to another state */
            after?: components["schemas"]["AfterView"];
            /** Format: date-time */
            at: string;
            /** @description The event; `kind` determines its fields, and `held` lists what was held at the time */
            event: Record<string, never>;
            /** @description Why it changed nothing */
            ignored?: string;
            sent: components["schemas"]["SentView"][];
            seq: number;
        };
        HitList: {
            items: components["schemas"]["HitView"][];
        };
        HitView: {
            /** Format: date-time */
            at: string;
            attempt?: number;
            command: string;
            /** @enum {string} */
            effect: "refuse" | "fail" | "delay" | "hang" | "drop-reply" | "duplicate-reply" | "late-reply" | "poison" | "crash";
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            messageId: string;
            /** @enum {string} */
            point: "received" | "before-handler" | "before-commit" | "after-commit" | "before-publish" | "after-publish";
            /** @description The fault, or the saga that asked for it with its number */
            rule: string;
            /** Format: uuid */
            sagaId: string;
            service: string;
            subject?: string;
        };
        HoldEndView: {
            /** Format: date-time */
            at: string;
            /** @example ada */
            by: string;
            /** @description How many sagas per second each instance releases */
            rate?: number;
            reason: string;
        };
        HoldPage: {
            items: components["schemas"]["HoldView"][];
            /** @description The cursor of the next page; absent on the last */
            nextCursor?: string;
        };
        HoldRequest: {
            /** @example The bank confirmed the outage; INC-7 */
            reason: string;
            /**
             * @description The hold ends automatically after this time, at most 7d
             * @example 15m
             */
            ttl?: string;
            where: components["schemas"]["HoldWhereRequest"];
        };
        HoldStreamEvent: {
            data: components["schemas"]["HoldView"];
            /** @enum {string} */
            event: "hold";
            /** @description The position after this event, for Last-Event-ID */
            id?: string;
        };
        HoldView: {
            /**
             * @description From X-Operator; not authenticated
             * @example the orchestrator
             */
            by: string;
            /**
             * @description Who placed it: an operator, or the orchestrator itself
             * @enum {string}
             */
            cause: "by-hand" | "silence" | "failures";
            ended?: components["schemas"]["HoldEndView"];
            /**
             * Format: date-time
             * @description When it ends automatically
             */
            expiresAt?: string;
            /** Format: uuid */
            id: string;
            /**
             * Format: date-time
             * @description When the next probe is sent; absent for a hold placed by an operator
             */
            probeAt?: string;
            /** @description How many probes were sent */
            probes: number;
            /** @example payment has answered nobody for 25 s */
            reason: string;
            /** Format: date-time */
            since: string;
            /** @description What waits for its end, or, after its end, for its release; only sagas that this orchestrator can run */
            waiting: components["schemas"]["WaitingView"];
            where: components["schemas"]["HoldWhereView"];
        };
        HoldWhereRequest: {
            /**
             * @description With a service: only this command
             * @example payment.capture
             */
            command?: string;
            /**
             * @description Instead of a service, with a step
             * @example place-order
             */
            definition?: string;
            /** @example payment */
            service?: string;
            /**
             * @description With a definition: its action and its compensation
             * @example capture
             */
            step?: string;
            /** @description With a definition: only this version */
            version?: number;
        };
        HoldWhereView: {
            /** @example payment.capture */
            command?: string;
            /** @example place-order */
            definition?: string;
            /** @example payment */
            service?: string;
            /** @example capture */
            step?: string;
            /** @description Absent: all versions */
            version?: number;
        };
        IncidentChangeView: {
            /** @description How many sagas stand; 0 when it is over */
            count: number;
            /** Format: uuid */
            id: string;
            /** @description Absent when it is over */
            incident?: components["schemas"]["IncidentView"];
        };
        IncidentList: {
            /** @description How many incidents there are; more than `items` when `limit` cuts them */
            incidents: number;
            /** @description Those of the most sagas first */
            items: components["schemas"]["IncidentView"][];
            /** @description How many sagas stand in all incidents together */
            sagas: number;
        };
        IncidentSampleView: {
            /** @description Its own error, with ids and numbers */
            error?: string;
            /** Format: uuid */
            saga: string;
            /** @description Its business key */
            subject?: string;
        };
        IncidentStreamEvent: {
            /** @description An incident of PAUSED sagas */
            data: components["schemas"]["IncidentChangeView"];
            /** @enum {string} */
            event: "incident";
            /** @description The position after this event, for Last-Event-ID */
            id?: string;
        };
        IncidentTotalsView: {
            /** @description How many reasons there are */
            incidents: number;
            /** @description How many sagas stand */
            sagas: number;
        };
        IncidentView: {
            /** @example order.confirm */
            command?: string;
            /** @description How many sagas stand */
            count: number;
            /** @description How many open dead letters their messages left */
            deadLetters: number;
            /** @example place-order */
            definition: string;
            /**
             * @description With ids and numbers masked
             * @example Error: no order …
             */
            error?: string;
            /**
             * Format: date-time
             * @description When the first of them came to this status
             */
            first: string;
            /**
             * Format: uuid
             * @description Stable: the same reason has the same id again
             */
            id: string;
            /**
             * Format: date-time
             * @description When the last of them did
             */
            last: string;
            /** @description How many of them are past their pivot: they can only go forward */
            pastPivot: number;
            /**
             * @description The reason of the pause; for COMPENSATED the kind of the cause; for HELD held
             * @example needs-attention
             */
            reason: string;
            remedy: components["schemas"]["RemedyView"];
            /** @description The newest of them */
            sample: components["schemas"]["IncidentSampleView"];
            /** @enum {string} */
            status: "PAUSED" | "COMPENSATED" | "HELD";
            /**
             * @description Without the index of a branch
             * @example confirm
             */
            step?: string;
        };
        InvocationView: {
            /** @description Attempts, and sends without an answer, before the step fails; absent: unlimited */
            attempts?: number;
            /** @description After this many tries the saga is PAUSED; absent when the step may fail */
            attentionAfter?: number;
            /**
             * @description The wait before the next attempt
             * @example 200ms, doubled up to 10s
             */
            backoff: string;
            /** @example inventory.reserve-stock */
            command: string;
            /** @description The reasons for which the service may refuse it */
            refusals: string[];
            /**
             * @description The service that handles it
             * @example inventory
             */
            service: string;
            /**
             * @description It is sent again after this time without an answer
             * @example 5s
             */
            timeout: string;
        };
        ItemCountsView: {
            /** @description The action took effect */
            done: number;
            /** @description An unexpected error */
            failed: number;
            /** @description Their turn has not come */
            pending: number;
            /** @description There was nothing to act on when their turn came */
            skipped: number;
        };
        ItemPreviewView: {
            commands: components["schemas"]["PreviewedCommandView"][];
            detail?: string;
            /** Format: uuid */
            id: string;
            /**
             * @description Why it would be skipped
             * @example not-paused
             */
            skipped?: string;
        };
        LastHourView: {
            compensated: number;
            /** @description The most frequent first */
            compensatedBy: components["schemas"]["CompensatedByView"][];
            completed: number;
            /** @description The median time of the sagas that ended, in milliseconds, within 5 % */
            p50?: number;
            /** @description In milliseconds, within 5 %: 99 of 100 sagas that ended took no longer */
            p99?: number;
            /** @description How often a saga paused */
            paused: number;
            /** @description The step with the highest p99; absent when none ended */
            slowestStep?: components["schemas"]["SlowestStepView"];
            started: number;
        };
        MessageHeaderView: {
            /** Format: byte */
            base64?: string;
            name: string;
            text?: string;
        };
        ObstacleView: {
            detail: string;
            /** @example no-json */
            reason: string;
        };
        OpenVersionView: {
            /** @description How many of its sagas have not ended */
            open: number;
            /** @description Whether this instance can run it */
            registered: boolean;
            /** @description 0 for sagas whose definition was missing when they began */
            version: number;
        };
        OperatorActionPage: {
            items: components["schemas"]["OperatorActionView"][];
            /** @description The cursor of the next page; absent on the last */
            nextCursor?: string;
        };
        OperatorActionStreamEvent: {
            data: components["schemas"]["OperatorActionView"];
            /** @enum {string} */
            event: "operator-action";
            /** @description The position after this event, for Last-Event-ID */
            id?: string;
        };
        OperatorActionView: {
            /** @enum {string} */
            action: "pause" | "resume" | "retry" | "cancel" | "resolve" | "skip" | "signal" | "hold" | "release" | "redrive" | "discard" | "reveal" | "begin" | "stop" | "arm" | "change" | "disarm";
            /** @description How it stood after the action */
            after?: components["schemas"]["StandingView"];
            /** Format: date-time */
            at: string;
            /** @description How it stood before */
            before?: components["schemas"]["StandingView"];
            /**
             * Format: uuid
             * @description The bulk action that was acted on, or of which it is part
             */
            bulkAction?: string;
            /**
             * Format: uuid
             * @description For redrive, discard and reveal: the dead letter
             */
            deadLetter?: string;
            /**
             * Format: uuid
             * @description For arm, change and disarm: the fault
             */
            fault?: string;
            /**
             * Format: uuid
             * @description For hold and release: the hold
             */
            hold?: string;
            /** Format: uuid */
            id: string;
            /** @description The id of the key that was shown */
            key?: string;
            /**
             * @description The name of the key, or where access is open what X-Operator said
             * @example ada
             */
            operator: string;
            /**
             * @description For resolve: the outcome
             * @enum {string}
             */
            outcome?: "success" | "failure";
            /** @description For redrive: why the message was trusted */
            override?: string;
            /** @description For signal: its data */
            payload?: Record<string, never>;
            /** @description Its number in the log, without gaps */
            position: number;
            /** @description For release: sagas per second of each instance */
            rate?: number;
            reason?: string;
            /** @description For resolve: the reply */
            reply?: Record<string, never>;
            /** @description For begin: the bulk action as it was requested, without ids */
            request?: components["schemas"]["BulkActionRequest"];
            /** @description From X-Request-Id, or as the log of the service names the request */
            requestId?: string;
            /** @description The revision of the saga that it made: `seq` in the saga's history */
            revision?: number;
            /**
             * @description The role of who acted; absent where access is open
             * @enum {string}
             */
            role?: "viewer" | "operator" | "admin";
            /**
             * Format: uuid
             * @description The saga that it concerns
             */
            saga?: string;
            /**
             * @description For signal: its name
             * @example customer-consent
             */
            signal?: string;
            /** @description For resolve and skip: the step */
            step?: string;
            /**
             * @description What was acted on
             * @enum {string}
             */
            target: "saga" | "hold" | "dead-letter" | "bulk-action" | "fault";
            /**
             * @description For hold: when it ends automatically
             * @example 15m
             */
            ttl?: string;
            /** @description For hold: the held commands */
            where?: components["schemas"]["HoldWhereView"];
        };
        OperatorRequest: {
            /** @example The bank confirmed the outage; INC-7 */
            reason: string;
        };
        OrchestratorInstanceView: {
            /**
             * @description The `build` of its options
             * @example 1.8.0+a3f9c1
             */
            build?: string;
            definitions: components["schemas"]["RegisteredDefinitionView"][];
            /** Format: uuid */
            instance: string;
            /**
             * @description Its host and process
             * @example orchestrator-7d9f-17
             */
            name: string;
            /**
             * Format: date-time
             * @description When it last reported
             */
            seenAt: string;
            /** Format: date-time */
            startedAt: string;
        };
        OrchestratorOverviewView: {
            /** @description Those that reported in the last minute */
            instances: components["schemas"]["OrchestratorInstanceView"][];
            /** @description How many messages, starts and replies, it has not processed; absent when the broker did not say */
            lag?: number;
            /** @description Why sagas do not advance, by the instance that answers */
            problem?: string;
            /** @enum {string} */
            status: "ok" | "error";
        };
        OrchestratorStatus: {
            /** @description What is wrong */
            message?: string;
            /** @enum {string} */
            status: "up" | "down";
        };
        OutcomeCountsView: {
            /** @description They ended as the action meant */
            asMeant: number;
            /** @description They are paused again, came to another end, or failed again */
            otherwise: number;
            /** @description Still under way */
            pending: number;
        };
        OverflowStreamEvent: {
            /** @description More has changed at once than is shown: load the list anew */
            data: components["schemas"]["OverflowView"];
            /** @enum {string} */
            event: "overflow";
            /** @description The position after this event, for Last-Event-ID */
            id?: string;
        };
        OverflowView: {
            /** @description How many are not shown */
            count: number;
            /** @enum {string} */
            event: "saga" | "incident" | "hold" | "dead-letter" | "bulk-action" | "operator-action" | "fault";
        };
        OverrideView: {
            /** @example not-there: There is no message in payment.commands/0 at offset 7 … */
            doubt: string;
            reason: string;
        };
        OverviewView: {
            /**
             * Format: date-time
             * @description The time of the database; what sagas did is counted a few seconds later
             */
            at: string;
            broker: components["schemas"]["BrokerOverviewView"];
            database: components["schemas"]["DatabaseOverviewView"];
            /** @description Open dead letters */
            deadLetters: components["schemas"]["PendingView"];
            /** @description By name */
            definitions: components["schemas"]["DefinitionOverviewView"][];
            /** @description Sagas that wait for holds in force; one that waits for several counts once */
            heldSagas: number;
            /** @description Holds in force */
            holds: components["schemas"]["HoldView"][];
            /** @description Paused sagas */
            incidents: components["schemas"]["IncidentTotalsView"];
            orchestrator: components["schemas"]["OrchestratorOverviewView"];
            /** @description Commands that are saved and not acknowledged by the broker */
            outbox: components["schemas"]["PendingView"];
            /** @description Sagas whose time to act has passed by more than 5 s */
            overdueTimers: components["schemas"]["PendingView"];
            /** @description By name */
            services: components["schemas"]["ServiceOverviewView"][];
        };
        ParentView: {
            /** Format: uuid */
            saga: string;
            step: string;
        };
        PauseView: {
            detail: string;
            reason: string;
            /** Format: date-time */
            since: string;
            step?: string;
        };
        PendingView: {
            /** @description Counted up to 10 000 */
            count: number;
            /**
             * Format: date-time
             * @description Since when the oldest is; absent when there is none
             */
            oldest?: string;
        };
        PingStreamEvent: {
            /** @description The first event, and every 15 s */
            data: components["schemas"]["PingView"];
            /** @enum {string} */
            event: "ping";
            /** @description The position after this event, for Last-Event-ID */
            id?: string;
        };
        PingView: {
            /** Format: date-time */
            at: string;
        };
        PossibleEffectsView: {
            "after-commit"?: ("refuse" | "fail" | "delay" | "hang" | "drop-reply" | "duplicate-reply" | "late-reply" | "poison" | "crash")[];
            "after-publish"?: ("refuse" | "fail" | "delay" | "hang" | "drop-reply" | "duplicate-reply" | "late-reply" | "poison" | "crash")[];
            "before-commit"?: ("refuse" | "fail" | "delay" | "hang" | "drop-reply" | "duplicate-reply" | "late-reply" | "poison" | "crash")[];
            "before-handler"?: ("refuse" | "fail" | "delay" | "hang" | "drop-reply" | "duplicate-reply" | "late-reply" | "poison" | "crash")[];
            "before-publish"?: ("refuse" | "fail" | "delay" | "hang" | "drop-reply" | "duplicate-reply" | "late-reply" | "poison" | "crash")[];
            received?: ("refuse" | "fail" | "delay" | "hang" | "drop-reply" | "duplicate-reply" | "late-reply" | "poison" | "crash")[];
        };
        PossibleView: {
            /** @description In the orchestrator */
            orchestrator: components["schemas"]["PossibleEffectsView"];
            /** @description In a service that handles the command */
            participant: components["schemas"]["PossibleEffectsView"];
            /** @description In a service that starts the saga */
            starter: components["schemas"]["PossibleEffectsView"];
        };
        PreviewedCommandView: {
            /** @description Whether this id was sent before */
            again: boolean;
            attempt: number;
            /** @example payment.capture */
            command: string;
            /** @enum {string} */
            direction: "action" | "compensation";
            step: string;
        };
        ProblemDetails: {
            /** @example lines[0].quantity must not be less than 1. */
            detail: string;
            errors?: components["schemas"]["FieldProblem"][];
            /** @example /orders */
            instance: string;
            /** @example 400 */
            status: number;
            /** @example The request is not valid */
            title: string;
            /** @example urn:palinode:problem:invalid-request */
            type: string;
        };
        ReadyActionView: {
            /** @enum {string} */
            action: "pause" | "resume" | "retry" | "cancel" | "resolve" | "skip";
            body: Record<string, never>;
            /**
             * @description For the header If-Match: the saga as this diagnosis shows it
             * @example "3"
             */
            ifMatch: string;
            /** @enum {string} */
            method: "POST";
            /** @example /v1/sagas/01a22c3a-ee79-7480-8b89-78641d977ee6/resume */
            path: string;
            step?: string;
        };
        RecordedCommandView: {
            /** @description Whether this id was sent before */
            again: boolean;
            attempt: number;
            command: string;
            /** Format: uuid */
            commandId: string;
            /** @enum {string} */
            direction: "action" | "compensation";
            /** @description Absent where the present definition no longer sends this command here */
            payload?: Record<string, never>;
            step: string;
        };
        RecordedEntryView: {
            /** @description Milliseconds since 1970 */
            at: number;
            /** @description The event; `kind` determines its fields */
            event: Record<string, never>;
            /** @description Why it changed nothing */
            ignored?: string;
            sent: components["schemas"]["RecordedCommandView"][];
            seq: number;
        };
        RecordingView: {
            definition: string;
            entries: components["schemas"]["RecordedEntryView"][];
            /** @enum {string} */
            format: "palinode-recording/1";
            /** Format: uuid */
            sagaId: string;
            /** @enum {string} */
            status: "RUNNING" | "COMPENSATING" | "PAUSED" | "COMPLETED" | "COMPENSATED";
            version: number;
        };
        RedriveRequest: {
            /**
             * @description How you know that the message came from its topic; required when that cannot be verified, and stored
             * @example The log of payment shows this very command; INC-7
             */
            override?: string;
            /** @example The bank confirmed the outage; INC-7 */
            reason: string;
        };
        RegisteredDefinitionView: {
            /** @example place-order */
            definition: string;
            /**
             * @description Equal when two instances have the same definition; a digest of all that decides what its sagas do
             * @example 9f86d081884c7d65
             */
            fingerprint: string;
            version: number;
        };
        RemedyView: {
            /**
             * @description The bulk action that usually helps; absent when none does
             * @enum {string}
             */
            action?: "pause" | "resume" | "retry" | "cancel" | "resolve" | "skip";
            /** @example Repair the participant, then resume: that attempts the step again. */
            text: string;
        };
        ResetStreamEvent: {
            /** @description The changes since Last-Event-ID are not told: load everything anew */
            data: components["schemas"]["ResetView"];
            /** @enum {string} */
            event: "reset";
            /** @description The position after this event, for Last-Event-ID */
            id?: string;
        };
        ResetView: {
            detail: string;
            /** @enum {string} */
            reason: "too-old" | "too-many-changes" | "unknown-position";
        };
        ResolveRequest: {
            /**
             * @description Whether it took effect
             * @enum {string}
             */
            outcome: "success" | "failure";
            /** @example The bank confirmed the outage; INC-7 */
            reason: string;
            /** @description With a success: the reply, where the contract has one */
            reply?: Record<string, never>;
            /**
             * @description A step that waits for an answer
             * @example capture
             */
            step: string;
        };
        ResumeRequest: {
            /** @description The most tries before the saga pauses again; by default the definition decides (attentionAfter) */
            attempts?: number;
            /** @example The bank confirmed the outage; INC-7 */
            reason: string;
        };
        SagaCriteria: {
            /**
             * @description A search attribute with its whole value, as name:value; repeated, all must fit. A sensitive value is compared by its hash
             * @example [
             *       "customerId:ada"
             *     ]
             */
            attribute?: string[];
            /** @description Why it is, or was, compensated; several are separated by commas, or repeated */
            cause?: ("refusal" | "failure" | "no-answer" | "deadline" | "cancelled" | "parent")[];
            /**
             * @description Name of the definition
             * @example place-order
             */
            definition?: string;
            /**
             * Format: date-time
             * @description Ended at this instant or later
             */
            endedAfter?: string;
            /**
             * Format: date-time
             * @description Ended before this instant
             */
            endedBefore?: string;
            /** @description Whether one of its steps waits for a hold to end */
            held?: boolean;
            /**
             * Format: uuid
             * @description Id of an incident
             */
            incident?: string;
            /**
             * @description The beginning of the id or of the business key, four characters or more; the beginning of the id of one of its commands or dead letters, eight or more; or a whole value of any search attribute
             * @example 01a22c3a
             */
            q?: string;
            /** @description Why it is paused; several are separated by commas, or repeated */
            reason?: ("pivot-unanswered" | "needs-attention" | "unfinished" | "action-forgotten" | "broken-contract" | "outcome-unknown" | "invalid-payload" | "invalid-input" | "invalid-definition" | "definition-missing" | "engine-fault" | "operator")[];
            /**
             * @description The service of that step; several are separated by commas, or repeated
             * @example [
             *       "payment"
             *     ]
             */
            service?: string[];
            /**
             * Format: date-time
             * @description Started at this instant or later
             */
            startedAfter?: string;
            /**
             * Format: date-time
             * @description Started before this instant
             */
            startedBefore?: string;
            /** @description Its status; several are separated by commas, or repeated */
            status?: ("RUNNING" | "COMPENSATING" | "PAUSED" | "COMPLETED" | "COMPENSATED")[];
            /**
             * @description The step at which it stands; of a saga that is COMPENSATED, the step that caused it; several are separated by commas, or repeated
             * @example [
             *       "capture"
             *     ]
             */
            step?: string[];
            /** @description Whether it needs a person or a release: PAUSED, held, or overdue for more than a minute */
            stuck?: boolean;
            /** @description Business key, such as an order id */
            subject?: string;
            /** @description Version of the definition, which must be named too */
            version?: number;
        };
        SagaDetail: {
            /** @description Its search attributes */
            attributes: components["schemas"]["AttributeView"][];
            /** @description What an operator can do to it now */
            availableActions: ("pause" | "resume" | "retry" | "cancel")[];
            /** @description Why it is compensated */
            cause?: components["schemas"]["CauseView"];
            /** @description Its dead letters, the newest 20 */
            deadLetters: components["schemas"]["DeadLetterSummary"][];
            /**
             * Format: date-time
             * @description When it will be compensated unless it has passed its pivot by then; absent after the pivot
             */
            deadline?: string;
            /** @example place-order */
            definition: string;
            /** @description In lists, why it stands where it stands, as far as neither the broker nor dead letters say; absent when it has ended */
            diagnosis?: components["schemas"]["DiagnosisSummaryView"];
            /** Format: date-time */
            endedAt?: string;
            /** @description Whether one of its steps waits for a hold to end */
            held: boolean;
            history: components["schemas"]["HistoryView"][];
            /** Format: uuid */
            id: string;
            input: Record<string, never>;
            /** @description The last failure of a step at which it stands */
            lastFailure?: components["schemas"]["FailureView"];
            /** @description A Mermaid flowchart of its steps and their statuses; absent without its definition */
            mermaid?: string;
            /** @description For a child: the step that waits for its end */
            parent?: components["schemas"]["ParentView"];
            /** @description Whether it has passed the point of no return; absent without its definition */
            pastPivot?: boolean;
            /** @description Why it is paused */
            pause?: components["schemas"]["PauseView"];
            /** @description Counts every entry of its history */
            revision: number;
            /** @description The steps at which it stands, at most 10; none when it has ended */
            standsAt: components["schemas"]["StandingStepView"][];
            /** Format: date-time */
            startedAt: string;
            /** @enum {string} */
            status: "RUNNING" | "COMPENSATING" | "PAUSED" | "COMPLETED" | "COMPENSATED";
            steps: components["schemas"]["StepView"][];
            /** @description Business key */
            subject?: string;
            /**
             * Format: date-time
             * @description Until when every participant certainly remembers what it did, and can compensate it
             */
            undoableUntil?: string;
            version: number;
            /**
             * Format: date-time
             * @description The next instant at which something is due without a message
             */
            wakeAt?: string;
            /** @description Why an operator should look at it before then */
            warning?: string;
        };
        SagaPage: {
            items: components["schemas"]["SagaSummary"][];
            /** @description The cursor of the next page; absent on the last */
            nextCursor?: string;
            /** @description How many match; on the first page only */
            total?: components["schemas"]["TotalView"];
        };
        SagaStreamEvent: {
            /** @description The saga as it is now: as GET /v1/sagas shows it; with `saga` as GET /v1/sagas/:id does */
            data: components["schemas"]["SagaSummary"] | components["schemas"]["SagaDetail"];
            /** @enum {string} */
            event: "saga";
            /** @description The position after this event, for Last-Event-ID */
            id?: string;
        };
        SagaSummary: {
            /** @description Its search attributes */
            attributes: components["schemas"]["AttributeView"][];
            /** @description Why it is compensated */
            cause?: components["schemas"]["CauseView"];
            /**
             * Format: date-time
             * @description When it will be compensated unless it has passed its pivot by then; absent after the pivot
             */
            deadline?: string;
            /** @example place-order */
            definition: string;
            /** @description In lists, why it stands where it stands, as far as neither the broker nor dead letters say; absent when it has ended */
            diagnosis?: components["schemas"]["DiagnosisSummaryView"];
            /** Format: date-time */
            endedAt?: string;
            /** @description Whether one of its steps waits for a hold to end */
            held: boolean;
            /** Format: uuid */
            id: string;
            /** @description The last failure of a step at which it stands */
            lastFailure?: components["schemas"]["FailureView"];
            /** @description For a child: the step that waits for its end */
            parent?: components["schemas"]["ParentView"];
            /** @description Whether it has passed the point of no return; absent without its definition */
            pastPivot?: boolean;
            /** @description Why it is paused */
            pause?: components["schemas"]["PauseView"];
            /** @description Counts every entry of its history */
            revision: number;
            /** @description The steps at which it stands, at most 10; none when it has ended */
            standsAt: components["schemas"]["StandingStepView"][];
            /** Format: date-time */
            startedAt: string;
            /** @enum {string} */
            status: "RUNNING" | "COMPENSATING" | "PAUSED" | "COMPLETED" | "COMPENSATED";
            /** @description Business key */
            subject?: string;
            version: number;
            /**
             * Format: date-time
             * @description The next instant at which something is due without a message
             */
            wakeAt?: string;
        };
        SentView: {
            /** @description Whether this id was sent before */
            again: boolean;
            attempt: number;
            command: string;
            /** Format: uuid */
            commandId: string;
            /** @enum {string} */
            direction: "action" | "compensation";
            step: string;
        };
        ServiceInstanceView: {
            /**
             * @description The `build` of its options
             * @example 1.8.0+a3f9c1
             */
            build?: string;
            /**
             * @description From where it is connected to the broker
             * @example 10.0.3.7
             */
            host: string;
            /**
             * @description Its host and process; its member id in the consumer group when it does not report them
             * @example payment-7d9f-17
             */
            instance: string;
            /** @description How many commands in these partitions it has not processed */
            lag: number;
            /** @description The partitions of its commands that it reads */
            partitions: number[];
        };
        ServiceOverviewView: {
            /** @description Holds in force on its commands */
            holds: components["schemas"]["HoldView"][];
            /** @description Those that read commands now; absent when the broker did not say */
            instances?: components["schemas"]["ServiceInstanceView"][];
            /** @description How many commands it has not processed; absent when the broker did not say */
            lag?: number;
            /**
             * Format: date-time
             * @description When any of its commands was answered last; absent when none was since the orchestrator started
             */
            lastReplyAt?: string;
            /** @example payment */
            service: string;
            /** @description Of its commands in the last hour the one with the highest p99; absent when none was answered */
            slowestHandler?: components["schemas"]["SlowestHandlerView"];
        };
        SessionView: {
            /**
             * @description Who you are; absent where access is open
             * @example ada
             */
            name?: string;
            /** @description Whether everybody may use this API */
            open: boolean;
            /** @enum {string} */
            role?: "viewer" | "operator" | "admin";
        };
        SignalAccepted: {
            /** Format: uuid */
            saga: string;
            /** @example customer-consent */
            signal: string;
        };
        SignInRequest: {
            /** @description A key as palinode keys create printed it */
            key: string;
        };
        SkipCountView: {
            count: number;
            /** @description Of one of them */
            detail: string;
            /** @example not-paused */
            reason: string;
        };
        SkipRequest: {
            /** @example The bank confirmed the outage; INC-7 */
            reason: string;
            /**
             * @description A step whose compensation is under way
             * @example stock
             */
            step: string;
        };
        SlowestHandlerView: {
            /** @example payment.authorize */
            command: string;
            /** @description In milliseconds, within 5 % */
            p50: number;
            /** @description In milliseconds, within 5 % */
            p99: number;
        };
        SlowestStepView: {
            /** @description In milliseconds, within 5 % */
            p50: number;
            /** @description In milliseconds, within 5 % */
            p99: number;
            /** @example authorize */
            step: string;
        };
        StageSummary: {
            steps: components["schemas"]["StepSummary"][];
        };
        StandingPauseView: {
            /** @example needs-attention */
            reason: string;
            step?: string;
        };
        StandingStepView: {
            attempt?: number;
            /** @description After how many attempts it fails, or the saga pauses */
            attempts?: number;
            /** @example payment.capture */
            command?: string;
            /** @enum {string} */
            direction: "action" | "compensation";
            /** @example capture */
            name: string;
            /** @description How often the command was sent */
            sends?: number;
            /**
             * @description The service that handles the command
             * @example payment
             */
            service?: string;
            /** @description The signal that it waits for */
            signal?: string;
            /** @enum {string} */
            waitsFor?: "reply" | "next-attempt" | "signal" | "hold" | "operator";
            /**
             * Format: date-time
             * @description Absent while the saga is paused
             */
            wakeAt?: string;
        };
        StandingView: {
            /** @description Of a fault: what it strikes, where and how */
            fault?: Record<string, never>;
            /** @description Of a saga that was paused */
            pause?: components["schemas"]["StandingPauseView"];
            /** @example PAUSED */
            status?: string;
            /** @description Of a bulk action: how many items it has */
            total?: number;
            /** @description Of a hold: the held commands */
            where?: components["schemas"]["HoldWhereView"];
            /** @description Of a bulk action: why it waited or was paused */
            why?: string;
        };
        StatisticsPointView: {
            /**
             * Format: date-time
             * @description When the interval begins
             */
            at: string;
            compensated: number;
            completed: number;
            /** @description How long the sagas took that ended. The median in milliseconds, within 5 %; absent when there was none */
            p50?: number;
            /** @description How long the sagas took that ended. In milliseconds, within 5 %: 99 of 100 took no longer; absent when there was none */
            p99?: number;
            /** @description How often a saga paused */
            paused: number;
            started: number;
        };
        StatisticsView: {
            /** @description Of the whole window, the most frequent first */
            compensatedBy: components["schemas"]["CompensatedByView"][];
            /**
             * @description Absent: all definitions together
             * @example place-order
             */
            definition?: string;
            /**
             * Format: date-time
             * @description When the first interval begins
             */
            from: string;
            /**
             * @description The length of an interval: a minute, ten minutes or an hour
             * @example 60
             */
            intervalSeconds: number;
            /** @description All intervals, the oldest first; also empty ones */
            series: components["schemas"]["StatisticsPointView"][];
            /** @description Of the whole window, those that took longest first */
            steps: components["schemas"]["StepStatisticsView"][];
            /**
             * Format: date-time
             * @description Now; the last interval has not ended yet
             */
            to: string;
            /** @example 1h */
            window: string;
        };
        StepChangeView: {
            /** @description Of its command */
            attempt?: number;
            name: string;
            status: string;
            /** @enum {string} */
            waitsFor?: "reply" | "next-attempt" | "signal" | "hold";
            /**
             * Format: date-time
             * @description Until when it waits
             */
            wakeAt?: string;
        };
        StepEffectView: {
            command: string;
            /**
             * @description `unknown`: it may have taken effect; `kept`: an operator skipped its compensation
             * @enum {string}
             */
            effect: "done" | "compensated" | "none" | "unknown" | "under-way" | "kept";
            step: string;
        };
        StepStatisticsView: {
            /** @description Replies, or signals, that a saga waited for: successes, refusals and failures */
            answered: number;
            /**
             * @description Absent for a wait
             * @example payment.authorize
             */
            command?: string;
            /** @example place-order */
            definition: string;
            /** @enum {string} */
            direction: "action" | "compensation";
            /** @description Replies by which an attempt failed */
            failed: number;
            /** @description Failed and unanswered ones among all, from 0 to 1 */
            failureShare: number;
            /** @description From when its command was sent last to its reply. The median in milliseconds, within 5 %; absent when there was none */
            p50?: number;
            /** @description From when its command was sent last to its reply. In milliseconds, within 5 %: 99 of 100 took no longer; absent when there was none */
            p99?: number;
            /** @description Replies by which the participant refused the command */
            refused: number;
            /**
             * @description Without the index of a branch
             * @example authorize
             */
            step: string;
            /** @description Commands, or waits, that nothing answered in time */
            unanswered: number;
        };
        StepSummary: {
            attempts?: number;
            command?: string;
            compensation?: string;
            /** @enum {string} */
            kind: "compensation" | "compensatable" | "pivot" | "retriable" | "wait";
            name: string;
            timeoutMs?: number;
        };
        StepView: {
            attempt?: number;
            /** @description What an operator can do to it now */
            availableActions: ("resolve" | "skip")[];
            /**
             * Format: uuid
             * @description The saga that it started
             */
            child?: string;
            command?: string;
            /** Format: uuid */
            commandId?: string;
            compensation?: string;
            /** @description While its command waits for a hold to end */
            held?: components["schemas"]["HeldView"];
            /** @enum {string} */
            kind: "compensation" | "compensatable" | "pivot" | "retriable" | "wait";
            name: string;
            objection?: Record<string, never>;
            reply?: Record<string, never>;
            /** @description How often the command was sent */
            sends?: number;
            /** @description The signal that a wait waits for */
            signal?: string;
            /** @description Steps of one stage run together */
            stage: number;
            status: string;
            /** @description How many more tries were granted when the saga was resumed */
            triesLeft?: number;
            /**
             * @description `operator`: its next attempt, until the paused saga is resumed
             * @enum {string}
             */
            waitsFor?: "reply" | "next-attempt" | "signal" | "hold" | "operator";
            /**
             * Format: date-time
             * @description Absent while the saga is paused
             */
            wakeAt?: string;
        };
        TotalView: {
            /** @description Whether there are more, or as many */
            atLeast: boolean;
            /** @example 10000 */
            count: number;
        };
        UnmatchedStreamEvent: {
            /** @description Sagas that have changed and do not match the filters now */
            data: components["schemas"]["UnmatchedView"];
            /** @enum {string} */
            event: "unmatched";
            /** @description The position after this event, for Last-Event-ID */
            id?: string;
        };
        UnmatchedView: {
            ids: string[];
        };
        VerificationView: {
            broken?: components["schemas"]["BrokenLinkView"];
            /** @description Note it elsewhere: later it proves that nothing was cut off */
            last?: components["schemas"]["ChainLinkView"];
            /** @enum {string} */
            status: "intact" | "broken";
        };
        WaitingView: {
            /** @description How many sagas wait for it */
            sagas: number;
            /**
             * Format: date-time
             * @description Since when the first of them waits
             */
            since?: string;
        };
        WaitView: {
            /** @description Whether the signal may make the saga compensate */
            mayRefuse: boolean;
            /**
             * @description What happens when no signal arrived in time
             * @enum {string}
             */
            otherwise: "default" | "turn back";
            /** @example customer-consent */
            signal: string;
            /** @example 2d */
            timeout: string;
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
    BulkActionsController_list: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page */
                cursor?: string;
                limit?: number;
                status?: "running" | "waiting" | "paused" | "completed" | "stopped";
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
                    "application/json": components["schemas"]["BulkActionPage"];
                };
            };
            /** @description A filter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    BulkActionsController_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description The operator, where access is open; otherwise the name of the key counts */
                "X-Operator"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkActionRequest"];
            };
        };
        responses: {
            /** @description With dryRun: what would be done; nothing was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRunView"];
                };
            };
            /** @description It has begun */
            202: {
                headers: {
                    /** @description Where its progress is */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkActionView"];
                };
            };
            /** @description A field, a filter or X-Operator is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not as many match as `expect` says; `found` says how many */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Neither where nor ids, or both; an empty where; nothing or more than 10000 match; a field does not belong to the action; what a filter of sagas names does not exist */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    BulkActionsController_find: {
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
                    "application/json": components["schemas"]["BulkActionView"];
                };
            };
            /** @description The id is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No bulk action has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    BulkActionsController_items: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page */
                cursor?: string;
                limit?: number;
                /** @description What became of those that are done */
                outcome?: "pending" | "as-meant" | "otherwise";
                status?: "pending" | "done" | "skipped" | "failed";
            };
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
                    "application/json": components["schemas"]["BulkItemPage"];
                };
            };
            /** @description The id or a filter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No bulk action has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    BulkActionsController_pause: {
        parameters: {
            query?: never;
            header?: {
                /** @description The operator, where access is open; otherwise the name of the key counts */
                "X-Operator"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperatorRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkActionView"];
                };
            };
            /** @description The id, the reason or X-Operator is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No bulk action has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Its status does not allow it; `detail` says which it has */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    BulkActionsController_resume: {
        parameters: {
            query?: never;
            header?: {
                /** @description The operator, where access is open; otherwise the name of the key counts */
                "X-Operator"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperatorRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkActionView"];
                };
            };
            /** @description The id, the reason or X-Operator is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No bulk action has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Its status does not allow it; `detail` says which it has */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    BulkActionsController_stop: {
        parameters: {
            query?: never;
            header?: {
                /** @description The operator, where access is open; otherwise the name of the key counts */
                "X-Operator"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperatorRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkActionView"];
                };
            };
            /** @description The id, the reason or X-Operator is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No bulk action has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Its status does not allow it; `detail` says which it has */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    DeadLettersController_list: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page */
                cursor?: string;
                /** @description Id of the group */
                group?: string;
                limit?: number;
                /** @description Stored longer ago than this */
                olderThan?: string;
                /** @description Why it could not be processed */
                reason?: string;
                /** @description Id of the saga */
                saga?: string;
                /** @description The receiver that could not process it */
                service?: string;
                status?: "open" | "redriven" | "discarded" | "closed";
                /** @description The topic on which it arrived */
                topic?: string;
                /** @description Stored more recently than this */
                youngerThan?: string;
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
                    "application/json": components["schemas"]["DeadLetterPage"];
                };
            };
            /** @description A filter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    DeadLettersController_find: {
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
                    "application/json": components["schemas"]["DeadLetterDetail"];
                };
            };
            /** @description The id is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No dead letter has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    DeadLettersController_discard: {
        parameters: {
            query?: never;
            header?: {
                /** @description The operator, where access is open; otherwise the name of the key counts */
                "X-Operator"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperatorRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterDetail"];
                };
            };
            /** @description The id, the reason or X-Operator is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No dead letter has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It was redriven */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    DeadLettersController_redrive: {
        parameters: {
            query?: never;
            header?: {
                /** @description The operator, where access is open; otherwise the name of the key counts */
                "X-Operator"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RedriveRequest"];
            };
        };
        responses: {
            /** @description Decided; `sentAt` is when the broker acknowledged it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterDetail"];
                };
            };
            /** @description The id, the reason or X-Operator is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No dead letter has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It was discarded */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description A redrive cannot help, or the origin is not proven and there is no `override`; `detail` says why */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    DeadLettersController_reveal: {
        parameters: {
            query?: never;
            header?: {
                /** @description The operator, where access is open; otherwise the name of the key counts */
                "X-Operator"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperatorRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterDetail"];
                };
            };
            /** @description The id, the reason or X-Operator is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No dead letter has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    DeadLettersController_groups: {
        parameters: {
            query?: {
                limit?: number;
                status?: "open" | "redriven" | "discarded" | "closed";
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
                    "application/json": components["schemas"]["DeadLetterGroups"];
                };
            };
            /** @description A filter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    DefinitionsController_list: {
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
                    "application/json": components["schemas"]["DefinitionList"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    DefinitionsController_find: {
        parameters: {
            query?: {
                /** @description The newest by default */
                version?: number;
            };
            header?: never;
            path: {
                name: string;
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
                    "application/json": components["schemas"]["DefinitionDetail"];
                };
            };
            /** @description The version is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No definition has this name and version */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    FaultsController_list: {
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
                    "application/json": components["schemas"]["FaultList"];
                };
            };
        };
    };
    FaultsController_arm: {
        parameters: {
            query?: never;
            header?: {
                /** @description The operator, where access is open; otherwise the name of the key counts */
                "X-Operator"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FaultRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaultView"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It could never strike; the problem names what is possible */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    FaultsController_find: {
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
                    "application/json": components["schemas"]["FaultView"];
                };
            };
            /** @description No fault has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    FaultsController_disarm: {
        parameters: {
            query?: never;
            header?: {
                /** @description The operator, where access is open; otherwise the name of the key counts */
                "X-Operator"?: string;
            };
            path: {
                id: string;
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
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No fault has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    FaultsController_change: {
        parameters: {
            query?: never;
            header?: {
                /** @description The operator, where access is open; otherwise the name of the key counts */
                "X-Operator"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FaultChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaultView"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No fault has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    FaultsController_catalog: {
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
                    "application/json": components["schemas"]["CatalogView"];
                };
            };
        };
    };
    FaultsController_hits: {
        parameters: {
            query?: {
                limit?: number;
                /** @description Only those of this saga */
                sagaId?: string;
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
                    "application/json": components["schemas"]["HitList"];
                };
            };
        };
    };
    FaultsController_reset: {
        parameters: {
            query?: never;
            header?: {
                /** @description The operator, where access is open; otherwise the name of the key counts */
                "X-Operator"?: string;
            };
            path?: never;
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
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    AdminHealthController_health: {
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
                    "application/json": components["schemas"]["HealthView"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Sagas do not advance */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthView"];
                };
            };
        };
    };
    HoldsController_list: {
        parameters: {
            query?: {
                /** @description nextCursor of the previous page */
                cursor?: string;
                limit?: number;
                status?: "in-force" | "ended";
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
                    "application/json": components["schemas"]["HoldPage"];
                };
            };
            /** @description A filter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    HoldsController_place: {
        parameters: {
            query?: never;
            header?: {
                /** @description The operator, where access is open; otherwise the name of the key counts */
                "X-Operator"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HoldRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HoldView"];
                };
            };
            /** @description A field or X-Operator is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description The same commands are held already; `detail` names the hold */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description The place is incomplete, or no definition sends such commands; `detail` lists the known names */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    HoldsController_find: {
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
                    "application/json": components["schemas"]["HoldView"];
                };
            };
            /** @description The id is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No hold has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    HoldsController_end: {
        parameters: {
            query: {
                /** @description How many sagas per second each instance releases; by default twice as many as are answered, at least 20 */
                rate?: number;
                reason: string;
            };
            header?: {
                /** @description The operator, where access is open; otherwise the name of the key counts */
                "X-Operator"?: string;
            };
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
                    "application/json": components["schemas"]["HoldView"];
                };
            };
            /** @description The id, the reason, the rate or X-Operator is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No hold has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It has already ended; `detail` says who ended it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    IncidentsController_list: {
        parameters: {
            query?: {
                limit?: number;
                /** @description Only sagas that came to this status more recently than this; for COMPENSATED 1d by default, otherwise all */
                since?: string;
                /** @description The status of the sagas; several are separated by commas */
                status?: ("PAUSED" | "COMPENSATED" | "HELD")[];
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
                    "application/json": components["schemas"]["IncidentList"];
                };
            };
            /** @description A filter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    SessionController_list: {
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
                    "application/json": components["schemas"]["AccessKeyList"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Access is not by keys */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    OperatorActionsController_list: {
        parameters: {
            query?: {
                action?: "pause" | "resume" | "retry" | "cancel" | "resolve" | "skip" | "signal" | "hold" | "release" | "redrive" | "discard" | "reveal" | "begin" | "stop" | "arm" | "change" | "disarm";
                /** @description Id of the bulk action: what was done to it, and as part of it */
                bulkAction?: string;
                /** @description nextCursor of the previous page */
                cursor?: string;
                /** @description Id of the dead letter */
                deadLetter?: string;
                /** @description Id of the fault */
                fault?: string;
                /** @description Id of the hold */
                hold?: string;
                limit?: number;
                /** @description The operator */
                operator?: string;
                /** @description Id of the saga */
                saga?: string;
                /** @description What was acted on */
                target?: "saga" | "hold" | "dead-letter" | "bulk-action" | "fault";
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
                    "application/json": components["schemas"]["OperatorActionPage"];
                };
            };
            /** @description A filter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    OperatorActionsController_export: {
        parameters: {
            query?: {
                /** @description Only entries after this position */
                after?: number;
                format?: "ndjson" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One entry a line */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            /** @description The format or the position is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    OperatorActionsController_verify: {
        parameters: {
            query?: {
                hash?: string;
                /** @description With hash: an entry that must still be the same */
                position?: number;
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
                    "application/json": components["schemas"]["VerificationView"];
                };
            };
            /** @description position and hash are not valid, or one is missing */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    OverviewController_find: {
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
                    "application/json": components["schemas"]["OverviewView"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    SagasController_list: {
        parameters: {
            query?: {
                /** @description A search attribute with its whole value, as name:value; repeated, all must fit. A sensitive value is compared by its hash */
                attribute?: string[];
                /** @description Why it is, or was, compensated; several are separated by commas, or repeated */
                cause?: ("refusal" | "failure" | "no-answer" | "deadline" | "cancelled" | "parent")[];
                /** @description nextCursor of the previous page */
                cursor?: string;
                /** @description Name of the definition */
                definition?: string;
                /** @description Ended at this instant or later */
                endedAfter?: string;
                /** @description Ended before this instant */
                endedBefore?: string;
                /** @description Whether one of its steps waits for a hold to end */
                held?: boolean;
                /** @description Id of an incident */
                incident?: string;
                limit?: number;
                /** @description The beginning of the id or of the business key, four characters or more; the beginning of the id of one of its commands or dead letters, eight or more; or a whole value of any search attribute */
                q?: string;
                /** @description Why it is paused; several are separated by commas, or repeated */
                reason?: ("pivot-unanswered" | "needs-attention" | "unfinished" | "action-forgotten" | "broken-contract" | "outcome-unknown" | "invalid-payload" | "invalid-input" | "invalid-definition" | "definition-missing" | "engine-fault" | "operator")[];
                /** @description The service of that step; several are separated by commas, or repeated */
                service?: string[];
                /** @description By their start; with endedAfter or endedBefore, by their end */
                sort?: "newest" | "oldest";
                /** @description Started at this instant or later */
                startedAfter?: string;
                /** @description Started before this instant */
                startedBefore?: string;
                /** @description Its status; several are separated by commas, or repeated */
                status?: ("RUNNING" | "COMPENSATING" | "PAUSED" | "COMPLETED" | "COMPENSATED")[];
                /** @description The step at which it stands; of a saga that is COMPENSATED, the step that caused it; several are separated by commas, or repeated */
                step?: string[];
                /** @description Whether it needs a person or a release: PAUSED, held, or overdue for more than a minute */
                stuck?: boolean;
                /** @description Business key, such as an order id */
                subject?: string;
                /** @description Version of the definition, which must be named too */
                version?: number;
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
                    "application/json": components["schemas"]["SagaPage"];
                };
            };
            /** @description A filter does not exist, or its value is not valid; `errors` names those that do */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No such definition, version, step, service or search attribute, or filters that do not fit together; `errors` names those that do */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    SagasController_find: {
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
                    /** @description The revision of the saga */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SagaDetail"];
                };
            };
            /** @description The id is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No saga has this id; where it is the business key of sagas, `sagas` names them */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    OperationsController_cancel: {
        parameters: {
            query?: {
                /** @description Only find out what the action would do */
                dryRun?: boolean;
            };
            header: {
                /** @description The ETag of the saga as you read it, or * for any revision */
                "If-Match": string;
                /** @description The operator, where access is open; otherwise the name of the key counts */
                "X-Operator"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperatorRequest"];
            };
        };
        responses: {
            /** @description The saga after the action; with dryRun, what the action would do */
            200: {
                headers: {
                    /** @description The revision of the saga */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SagaDetail"] | components["schemas"]["ActionPreviewView"];
                };
            };
            /** @description The id, the body, X-Operator or If-Match is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No saga has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description The saga cannot do this now; `type` is the reason, `detail` the remedy */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description The saga has changed since the revision in If-Match */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description If-Match is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    DiagnosisController_find: {
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
                    "application/json": components["schemas"]["DiagnosisView"];
                };
            };
            /** @description The id is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No saga has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    OperationsController_pause: {
        parameters: {
            query?: {
                /** @description Only find out what the action would do */
                dryRun?: boolean;
            };
            header: {
                /** @description The ETag of the saga as you read it, or * for any revision */
                "If-Match": string;
                /** @description The operator, where access is open; otherwise the name of the key counts */
                "X-Operator"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperatorRequest"];
            };
        };
        responses: {
            /** @description The saga after the action; with dryRun, what the action would do */
            200: {
                headers: {
                    /** @description The revision of the saga */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SagaDetail"] | components["schemas"]["ActionPreviewView"];
                };
            };
            /** @description The id, the body, X-Operator or If-Match is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No saga has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description The saga cannot do this now; `type` is the reason, `detail` the remedy */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description The saga has changed since the revision in If-Match */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description If-Match is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    RecordingsController_find: {
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
                    /** @description A name for the file */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingView"];
                };
            };
            /** @description The id is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No saga has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description This instance does not have the definition of the saga, so it does not know which fields are sensitive */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    OperationsController_resolve: {
        parameters: {
            query?: {
                /** @description Only find out what the action would do */
                dryRun?: boolean;
            };
            header: {
                /** @description The ETag of the saga as you read it, or * for any revision */
                "If-Match": string;
                /** @description The operator, where access is open; otherwise the name of the key counts */
                "X-Operator"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResolveRequest"];
            };
        };
        responses: {
            /** @description The saga after the action; with dryRun, what the action would do */
            200: {
                headers: {
                    /** @description The revision of the saga */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SagaDetail"] | components["schemas"]["ActionPreviewView"];
                };
            };
            /** @description The id, the body, X-Operator or If-Match is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No saga has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description The saga cannot do this now; `type` is the reason, `detail` the remedy */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description The saga has changed since the revision in If-Match */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description The saga has no such step */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description If-Match is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    OperationsController_resume: {
        parameters: {
            query?: {
                /** @description Only find out what the action would do */
                dryRun?: boolean;
            };
            header: {
                /** @description The ETag of the saga as you read it, or * for any revision */
                "If-Match": string;
                /** @description The operator, where access is open; otherwise the name of the key counts */
                "X-Operator"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResumeRequest"];
            };
        };
        responses: {
            /** @description The saga after the action; with dryRun, what the action would do */
            200: {
                headers: {
                    /** @description The revision of the saga */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SagaDetail"] | components["schemas"]["ActionPreviewView"];
                };
            };
            /** @description The id, the body, X-Operator or If-Match is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No saga has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description The saga cannot do this now; `type` is the reason, `detail` the remedy */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description The saga has changed since the revision in If-Match */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description If-Match is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    OperationsController_retry: {
        parameters: {
            query?: {
                /** @description Only find out what the action would do */
                dryRun?: boolean;
            };
            header: {
                /** @description The ETag of the saga as you read it, or * for any revision */
                "If-Match": string;
                /** @description The operator, where access is open; otherwise the name of the key counts */
                "X-Operator"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperatorRequest"];
            };
        };
        responses: {
            /** @description The saga after the action; with dryRun, what the action would do */
            200: {
                headers: {
                    /** @description The revision of the saga */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SagaDetail"] | components["schemas"]["ActionPreviewView"];
                };
            };
            /** @description The id, the body, X-Operator or If-Match is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No saga has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description The saga cannot do this now; `type` is the reason, `detail` the remedy */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description The saga has changed since the revision in If-Match */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description If-Match is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    SignalsController_give: {
        parameters: {
            query?: {
                reason?: string;
            };
            header?: {
                /** @description The operator, where access is open; otherwise the name of the key counts */
                "X-Operator"?: string;
            };
            path: {
                id: string;
                name: string;
            };
            cookie?: never;
        };
        /** @description The data of the signal */
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The saga has it, and stores it until its wait uses it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignalAccepted"];
                };
            };
            /** @description The id, the reason or X-Operator is not valid, or the body does not fit the signal */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No saga has this id, or its definition waits for no such signal */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description The saga has it already, has ended, or its wait is over; `type` says which */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    OperationsController_skip: {
        parameters: {
            query?: {
                /** @description Only find out what the action would do */
                dryRun?: boolean;
            };
            header: {
                /** @description The ETag of the saga as you read it, or * for any revision */
                "If-Match": string;
                /** @description The operator, where access is open; otherwise the name of the key counts */
                "X-Operator"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SkipRequest"];
            };
        };
        responses: {
            /** @description The saga after the action; with dryRun, what the action would do */
            200: {
                headers: {
                    /** @description The revision of the saga */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SagaDetail"] | components["schemas"]["ActionPreviewView"];
                };
            };
            /** @description The id, the body, X-Operator or If-Match is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No saga has this id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description The saga cannot do this now; `type` is the reason, `detail` the remedy */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description The saga has changed since the revision in If-Match */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description The saga has no such step */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description If-Match is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    SessionController_session: {
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
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    SessionController_signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            /** @description The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Access is not by keys */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    SessionController_signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
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
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    StatisticsController_find: {
        parameters: {
            query?: {
                /** @description All definitions together by default */
                definition?: string;
                window?: "15m" | "1h" | "3h" | "24h" | "7d";
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
                    "application/json": components["schemas"]["StatisticsView"];
                };
            };
            /** @description The definition or the window is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description No saga has such a definition */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    StreamController_follow: {
        parameters: {
            query?: {
                /** @description A search attribute with its whole value, as name:value; repeated, all must fit. A sensitive value is compared by its hash */
                attribute?: string[];
                /** @description Why it is, or was, compensated; several are separated by commas, or repeated */
                cause?: ("refusal" | "failure" | "no-answer" | "deadline" | "cancelled" | "parent")[];
                /** @description Name of the definition */
                definition?: string;
                /** @description Ended at this instant or later */
                endedAfter?: string;
                /** @description Ended before this instant */
                endedBefore?: string;
                /** @description Only these events; several are separated by commas */
                events?: ("saga" | "incident" | "hold" | "dead-letter" | "bulk-action" | "operator-action" | "fault")[];
                /** @description Whether one of its steps waits for a hold to end */
                held?: boolean;
                /** @description Id of an incident */
                incident?: string;
                /** @description Begins after the event with this id, for a client that cannot set Last-Event-ID; the header counts more */
                lastEventId?: string;
                /** @description The beginning of the id or of the business key, four characters or more; the beginning of the id of one of its commands or dead letters, eight or more; or a whole value of any search attribute */
                q?: string;
                /** @description Why it is paused; several are separated by commas, or repeated */
                reason?: ("pivot-unanswered" | "needs-attention" | "unfinished" | "action-forgotten" | "broken-contract" | "outcome-unknown" | "invalid-payload" | "invalid-input" | "invalid-definition" | "definition-missing" | "engine-fault" | "operator")[];
                /** @description Only this saga, with its dead letters and operator actions */
                saga?: string;
                /** @description The service of that step; several are separated by commas, or repeated */
                service?: string[];
                /** @description Started at this instant or later */
                startedAfter?: string;
                /** @description Started before this instant */
                startedBefore?: string;
                /** @description Its status; several are separated by commas, or repeated */
                status?: ("RUNNING" | "COMPENSATING" | "PAUSED" | "COMPLETED" | "COMPENSATED")[];
                /** @description The step at which it stands; of a saga that is COMPENSATED, the step that caused it; several are separated by commas, or repeated */
                step?: string[];
                /** @description Whether it needs a person or a release: PAUSED, held, or overdue for more than a minute */
                stuck?: boolean;
                /** @description Business key, such as an order id */
                subject?: string;
                /** @description Version of the definition, which must be named too */
                version?: number;
            };
            header?: {
                /** @description Begins after the event with this id */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events; `data` is JSON */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["SagaStreamEvent"] | components["schemas"]["UnmatchedStreamEvent"] | components["schemas"]["IncidentStreamEvent"] | components["schemas"]["HoldStreamEvent"] | components["schemas"]["DeadLetterStreamEvent"] | components["schemas"]["BulkActionStreamEvent"] | components["schemas"]["OperatorActionStreamEvent"] | components["schemas"]["FaultStreamEvent"] | components["schemas"]["OverflowStreamEvent"] | components["schemas"]["PingStreamEvent"] | components["schemas"]["ResetStreamEvent"] | components["schemas"]["DroppedStreamEvent"];
                };
            };
            /** @description A filter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description It is not known who you are */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Your role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description A filter beside `saga` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too many streams are open; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
}
