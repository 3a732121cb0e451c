SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);
CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);
CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);
CREATE FUNCTION public.alerts_hold_standings() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF (OLD.standing, NEW.standing) NOT IN (('asked', 'coming'), ('asked', 'remote'), ('asked', 'cant'), ('asked', 'enough'), ('asked', 'removed'), ('coming', 'arrived'), ('coming', 'remote'), ('coming', 'cant'), ('coming', 'removed'), ('coming', 'home'), ('remote', 'coming'), ('remote', 'cant'), ('remote', 'enough'), ('remote', 'removed'), ('cant', 'coming'), ('cant', 'remote'), ('cant', 'enough'), ('cant', 'removed'), ('enough', 'coming'), ('enough', 'remote'), ('enough', 'cant'), ('enough', 'removed'), ('arrived', 'home'), ('arrived', 'cant'), ('arrived', 'removed'), ('home', 'coming')) THEN
    RAISE EXCEPTION 'an invitation cannot go from % to %', OLD.standing, NEW.standing
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION public.alerts_hold_states() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF (OLD.state, NEW.state) NOT IN (('verifying', 'open'), ('verifying', 'ended'), ('verifying', 'cancelled'), ('open', 'enough'), ('open', 'ended'), ('open', 'cancelled'), ('enough', 'open'), ('enough', 'ended')) THEN
    RAISE EXCEPTION 'an alert cannot go from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION public.alerts_refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE FUNCTION public.notices_hold_states() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF (OLD.state, NEW.state) NOT IN (('queued', 'claimed'), ('queued', 'expired'), ('queued', 'cancelled'), ('claimed', 'queued'), ('claimed', 'handed'), ('claimed', 'failed_temp'), ('claimed', 'failed_perm'), ('claimed', 'in_doubt'), ('claimed', 'expired'), ('claimed', 'cancelled'), ('failed_temp', 'claimed'), ('failed_temp', 'expired'), ('failed_temp', 'cancelled'), ('in_doubt', 'claimed'), ('in_doubt', 'delivered'), ('in_doubt', 'failed_perm'), ('in_doubt', 'expired'), ('in_doubt', 'cancelled'), ('handed', 'delivered'), ('handed', 'failed_perm'), ('handed', 'failed_temp')) THEN
    RAISE EXCEPTION 'a delivery cannot go from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION public.notices_refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;
CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;
    RETURN job_ids;
END;
$$;
CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;
    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;
    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;
    RETURN _job_id;
END;
$$;
SET default_tablespace = '';
CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    queueing_lock text,
    priority integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);
CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;
 RETURN found_jobs;
END;
$$;
CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;
CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;
CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;
CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;
CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;
CREATE FUNCTION public.trust_hold_countersign() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF (OLD.id, OLD.network_id, OLD.kind, OLD.thing_id, OLD.needed, OLD.until_at, OLD.opened_at)
     IS DISTINCT FROM
     (NEW.id, NEW.network_id, NEW.kind, NEW.thing_id, NEW.needed, NEW.until_at, NEW.opened_at)
     OR OLD.done_at IS NOT NULL OR OLD.closed_at IS NOT NULL THEN
    RAISE EXCEPTION 'what a countersign asks never changes, and over is over'
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.done_at IS NOT NULL AND NEW.needed >
     (SELECT count(*) FROM trust_countersignature WHERE countersign_id = NEW.id) THEN
    RAISE EXCEPTION 'too few people said yes' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION public.trust_hold_disclosure() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF (OLD.id, OLD.network_id, OLD.owner_id, OLD.reader_id, OLD.what, OLD.thing_id, OLD.from_at)
     IS DISTINCT FROM
     (NEW.id, NEW.network_id, NEW.owner_id, NEW.reader_id, NEW.what, NEW.thing_id, NEW.from_at) THEN
    RAISE EXCEPTION 'what is shown to whom since when never changes'
      USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.revoked_at IS NOT NULL THEN
    RAISE EXCEPTION 'a disclosure that was ended stays ended' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.expires_at < OLD.expires_at
     OR coalesce(NEW.until_at, 'infinity') < coalesce(OLD.until_at, 'infinity') THEN
    RAISE EXCEPTION 'a disclosure gets shorter only by ending it'
      USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT FROM trust_reading WHERE disclosure_id = NEW.id
             AND at > NEW.revoked_at) THEN
    RAISE EXCEPTION 'a disclosure does not end before it was read'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION public.trust_hold_reading() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
  shown trust_disclosure%ROWTYPE;
BEGIN
  -- The lock lets two readings of one disclosure come one after the other.
  SELECT * INTO shown FROM trust_disclosure
    WHERE network_id = NEW.network_id AND id = NEW.disclosure_id FOR NO KEY UPDATE;
  IF NOT FOUND OR shown.revoked_at IS NOT NULL OR NEW.at < shown.from_at
     OR NEW.at >= least(shown.until_at, shown.expires_at) THEN
    RAISE EXCEPTION 'nobody reads outside the time of their disclosure'
      USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT FROM trust_reading WHERE disclosure_id = NEW.disclosure_id AND how = NEW.how
             AND at > NEW.at - interval '10 minutes') THEN
    RAISE EXCEPTION 'this reading is written down already' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION public.trust_hold_signature() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
  asked trust_countersign%ROWTYPE;
BEGIN
  SELECT * INTO asked FROM trust_countersign
    WHERE network_id = NEW.network_id AND id = NEW.countersign_id FOR NO KEY UPDATE;
  IF NOT FOUND OR asked.done_at IS NOT NULL OR asked.closed_at IS NOT NULL
     OR NEW.at >= asked.until_at THEN
    RAISE EXCEPTION 'nobody says yes to what is over' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION public.trust_refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TABLE public.alerts_alert (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number bigint NOT NULL,
    kind character varying(10) NOT NULL,
    state character varying(10) NOT NULL,
    for_whom character varying(6) NOT NULL,
    is_silent boolean NOT NULL,
    is_wide boolean NOT NULL,
    playbook jsonb NOT NULL,
    due_at timestamp with time zone NOT NULL,
    topic_id uuid NOT NULL,
    news_topic_id uuid NOT NULL,
    wanted smallint NOT NULL,
    ended_at timestamp with time zone,
    ended_how character varying(10) NOT NULL,
    ended_by uuid,
    closes_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    lead_id uuid,
    network_id uuid NOT NULL,
    raised_by_id uuid NOT NULL,
    subject_id uuid,
    CONSTRAINT alert_ended_how CHECK (((ended_how)::text = ANY ((ARRAY['all_clear'::character varying, 'all_right'::character varying, 'found'::character varying, 'too_old'::character varying, ''::character varying])::text[]))),
    CONSTRAINT alert_ended_whole CHECK ((((ended_at IS NOT NULL) AND ((state)::text = 'ended'::text) AND (NOT ((ended_how)::text = ''::text))) OR ((NOT ((state)::text = 'ended'::text)) AND ((ended_how)::text = ''::text)))),
    CONSTRAINT alert_kind CHECK (((kind)::text = ANY ((ARRAY['hurt'::character varying, 'fire'::character varying, 'unsafe'::character varying, 'missing'::character varying, 'other'::character varying])::text[]))),
    CONSTRAINT alert_state CHECK (((state)::text = ANY ((ARRAY['verifying'::character varying, 'open'::character varying, 'enough'::character varying, 'ended'::character varying, 'cancelled'::character varying])::text[]))),
    CONSTRAINT alerts_alert_number_check CHECK ((number >= 0)),
    CONSTRAINT alerts_alert_wanted_check CHECK ((wanted >= 0))
);
CREATE TABLE public.alerts_alertchoice (
    person_id uuid NOT NULL,
    may_text_place boolean NOT NULL,
    is_wide boolean NOT NULL,
    network_id uuid NOT NULL
);
CREATE TABLE public.alerts_alertevent (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    verb character varying(20) NOT NULL,
    actor_id uuid,
    person_id uuid,
    detail jsonb NOT NULL,
    alert_id uuid NOT NULL,
    network_id uuid NOT NULL
);
ALTER TABLE public.alerts_alertevent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.alerts_alertevent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.alerts_alerttask (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    key character varying(20) NOT NULL,
    words_guarded bytea,
    taken_at timestamp with time zone,
    done_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    alert_id uuid NOT NULL,
    network_id uuid NOT NULL,
    ring_id uuid,
    taken_by_id uuid,
    CONSTRAINT alerttask_taken_whole CHECK ((((taken_at IS NULL) AND (taken_by_id IS NULL)) OR ((taken_at IS NOT NULL) AND (taken_by_id IS NOT NULL))))
);
CREATE TABLE public.alerts_alertupdate (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    words_guarded bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    alert_id uuid NOT NULL,
    network_id uuid NOT NULL,
    person_id uuid NOT NULL
);
CREATE TABLE public.alerts_alertwords (
    alert_id uuid NOT NULL,
    place_guarded bytea,
    door_note_guarded bytea,
    meeting_guarded bytea,
    cell_guarded bytea,
    story_guarded bytea,
    note_guarded bytea,
    who_guarded bytea,
    picture_guarded bytea,
    expires_at timestamp with time zone NOT NULL,
    network_id uuid NOT NULL
);
CREATE TABLE public.alerts_doorpause (
    id bigint NOT NULL,
    from_at timestamp with time zone NOT NULL,
    lifted_at timestamp with time zone,
    lifted_by uuid,
    expires_at timestamp with time zone NOT NULL,
    network_id uuid NOT NULL,
    person_id uuid NOT NULL
);
ALTER TABLE public.alerts_doorpause ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.alerts_doorpause_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.alerts_invitation (
    id uuid NOT NULL,
    why character varying(8) NOT NULL,
    standing character varying(8) NOT NULL,
    channel character varying(12) NOT NULL,
    notice_id uuid NOT NULL,
    seat smallint,
    due_at timestamp with time zone,
    answered_at timestamp with time zone,
    arrived_at timestamp with time zone,
    allowed_at timestamp with time zone,
    allowed_by uuid,
    link_device bytea,
    link_shown_at timestamp with time zone,
    alert_id uuid NOT NULL,
    network_id uuid NOT NULL,
    person_id uuid NOT NULL,
    wave_id bigint NOT NULL,
    CONSTRAINT alerts_invitation_seat_check CHECK ((seat >= 0)),
    CONSTRAINT invitation_hard_cap CHECK (((seat IS NULL) OR ((seat >= 1) AND (seat <= 10)))),
    CONSTRAINT invitation_seat_fits CHECK ((((seat IS NOT NULL) AND ((standing)::text = ANY ((ARRAY['coming'::character varying, 'arrived'::character varying])::text[]))) OR ((NOT ((standing)::text = ANY ((ARRAY['coming'::character varying, 'arrived'::character varying])::text[]))) AND (seat IS NULL)))),
    CONSTRAINT invitation_standing CHECK (((standing)::text = ANY ((ARRAY['asked'::character varying, 'coming'::character varying, 'remote'::character varying, 'cant'::character varying, 'arrived'::character varying, 'home'::character varying, 'enough'::character varying, 'removed'::character varying])::text[]))),
    CONSTRAINT invitation_why CHECK (((why)::text = ANY ((ARRAY['pod'::character varying, 'buddy'::character varying, 'safe'::character varying, 'near'::character varying, 'trained'::character varying, 'second'::character varying])::text[])))
);
CREATE SEQUENCE public.alerts_number
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE public.alerts_safeperson (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seat smallint NOT NULL,
    chosen_id uuid NOT NULL,
    network_id uuid NOT NULL,
    person_id uuid NOT NULL,
    CONSTRAINT alerts_safeperson_seat_check CHECK ((seat >= 0)),
    CONSTRAINT safeperson_five_at_most CHECK (((seat >= 1) AND (seat <= 5))),
    CONSTRAINT safeperson_somebody_else CHECK ((NOT (person_id = chosen_id)))
);
CREATE TABLE public.alerts_wave (
    id bigint NOT NULL,
    ordinal smallint NOT NULL,
    reason character varying(10) NOT NULL,
    size integer NOT NULL,
    fire_at timestamp with time zone NOT NULL,
    alert_id uuid NOT NULL,
    network_id uuid NOT NULL,
    CONSTRAINT alerts_wave_ordinal_check CHECK ((ordinal >= 0)),
    CONSTRAINT alerts_wave_size_check CHECK ((size >= 0))
);
ALTER TABLE public.alerts_wave ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.alerts_wave_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);
ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);
ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);
ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);
ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.kit_clockshift (
    "only" boolean NOT NULL,
    shift interval NOT NULL,
    CONSTRAINT kit_one_clock CHECK ("only")
);
CREATE TABLE public.kit_keycheck (
    name character varying(8) NOT NULL,
    check_value bytea NOT NULL
);
CREATE TABLE public.notices_addresshealth (
    address_id uuid NOT NULL,
    network_id uuid NOT NULL,
    worked_at timestamp with time zone,
    failed_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL
);
CREATE TABLE public.notices_attempt (
    id bigint NOT NULL,
    network_id uuid NOT NULL,
    ordinal smallint NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    worker uuid NOT NULL,
    delivery_id bigint NOT NULL,
    CONSTRAINT notices_attempt_ordinal_check CHECK ((ordinal >= 0))
);
ALTER TABLE public.notices_attempt ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notices_attempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.notices_delivery (
    id bigint NOT NULL,
    network_id uuid NOT NULL,
    lane character varying(10) NOT NULL,
    channel character varying(12) NOT NULL,
    rank smallint NOT NULL,
    address_id uuid,
    address_guarded bytea,
    address_index bytea,
    language character varying(12) NOT NULL,
    state character varying(12) NOT NULL,
    due_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    lease_until timestamp with time zone,
    claimed_by uuid,
    tries smallint NOT NULL,
    notice_id uuid NOT NULL,
    CONSTRAINT delivery_channel CHECK (((channel)::text = ANY ((ARRAY['page'::character varying, 'email'::character varying, 'demo'::character varying, 'sms'::character varying, 'voice'::character varying, 'web_push'::character varying])::text[]))),
    CONSTRAINT delivery_has_address CHECK ((((channel)::text = 'page'::text) OR ((address_guarded IS NOT NULL) AND (address_id IS NOT NULL)))),
    CONSTRAINT delivery_lane CHECK (((lane)::text = ANY ((ARRAY['urgent'::character varying, 'ordinary'::character varying])::text[]))),
    CONSTRAINT delivery_lease CHECK ((((lease_until IS NOT NULL) AND ((state)::text = 'claimed'::text)) OR ((NOT ((state)::text = 'claimed'::text)) AND (lease_until IS NULL)))),
    CONSTRAINT delivery_state CHECK (((state)::text = ANY ((ARRAY['queued'::character varying, 'claimed'::character varying, 'handed'::character varying, 'delivered'::character varying, 'failed_temp'::character varying, 'failed_perm'::character varying, 'in_doubt'::character varying, 'expired'::character varying, 'cancelled'::character varying])::text[]))),
    CONSTRAINT notices_delivery_rank_check CHECK ((rank >= 0)),
    CONSTRAINT notices_delivery_tries_check CHECK ((tries >= 0))
)
WITH (fillfactor='50');
ALTER TABLE public.notices_delivery ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notices_delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.notices_demophone (
    id uuid NOT NULL,
    network_id uuid NOT NULL,
    label character varying(120) NOT NULL,
    groups jsonb NOT NULL
);
CREATE TABLE public.notices_demophonemessage (
    id bigint NOT NULL,
    network_id uuid NOT NULL,
    arrived_at timestamp with time zone NOT NULL,
    delivery_id bigint NOT NULL,
    phone_id uuid NOT NULL
);
ALTER TABLE public.notices_demophonemessage ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notices_demophonemessage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.notices_gatewaycursor (
    gateway character varying(20) NOT NULL,
    cursor character varying(200) NOT NULL,
    moved_at timestamp with time zone NOT NULL
);
CREATE TABLE public.notices_incomingtext (
    id uuid NOT NULL,
    network_id uuid NOT NULL,
    channel character varying(12) NOT NULL,
    provider_id character varying(200) NOT NULL,
    address_guarded bytea NOT NULL,
    address_index bytea NOT NULL,
    text_guarded bytea NOT NULL,
    arrived_at timestamp with time zone NOT NULL,
    understood_by character varying(60) NOT NULL,
    handled_at timestamp with time zone,
    handled_by uuid,
    expires_at timestamp with time zone NOT NULL
);
CREATE TABLE public.notices_notice (
    id uuid NOT NULL,
    network_id uuid NOT NULL,
    recipient_id uuid NOT NULL,
    purpose character varying(40) NOT NULL,
    urgency character varying(10) NOT NULL,
    path character varying(300) NOT NULL,
    wants_answer boolean NOT NULL,
    told_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone,
    answered_at timestamp with time zone,
    answer character varying(40) NOT NULL,
    text_id uuid NOT NULL,
    topic_id uuid NOT NULL,
    link_index bytea,
    CONSTRAINT notice_answer_whole CHECK (((((answer)::text = ''::text) AND (answered_at IS NULL)) OR ((answered_at IS NOT NULL) AND (NOT ((answer)::text = ''::text))))),
    CONSTRAINT notice_path_here CHECK ((((path)::text ~~ '/%'::text) AND (NOT ((path)::text ~~ '//%'::text)))),
    CONSTRAINT notice_urgency CHECK (((urgency)::text = ANY ((ARRAY['critical'::character varying, 'urgent'::character varying, 'ordinary'::character varying])::text[])))
);
CREATE TABLE public.notices_outcome (
    id bigint NOT NULL,
    network_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    state character varying(12) NOT NULL,
    detail character varying(40) NOT NULL,
    provider_ref character varying(200) NOT NULL,
    attempt_id bigint NOT NULL,
    CONSTRAINT outcome_state CHECK (((state)::text = ANY ((ARRAY['handed'::character varying, 'failed_temp'::character varying, 'failed_perm'::character varying, 'in_doubt'::character varying])::text[])))
);
ALTER TABLE public.notices_outcome ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notices_outcome_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.notices_receipt (
    id bigint NOT NULL,
    network_id uuid NOT NULL,
    provider_id character varying(200) NOT NULL,
    at timestamp with time zone NOT NULL,
    arrived boolean NOT NULL,
    delivery_id bigint NOT NULL
);
ALTER TABLE public.notices_receipt ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notices_receipt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.notices_text (
    id uuid NOT NULL,
    network_id uuid NOT NULL,
    language character varying(12) NOT NULL,
    fingerprint bytea NOT NULL,
    words_guarded bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    topic_id uuid NOT NULL
);
CREATE TABLE public.notices_topic (
    id uuid NOT NULL,
    network_id uuid NOT NULL,
    about uuid,
    kind character varying(40) NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL
);
CREATE TABLE public.people_address (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    channel character varying(12) NOT NULL,
    value_guarded bytea NOT NULL,
    value_index bytea NOT NULL,
    rank smallint NOT NULL,
    verified_at timestamp with time zone,
    code_index bytea,
    code_expires_at timestamp with time zone,
    code_tries smallint NOT NULL,
    removed_at timestamp with time zone,
    expires_at timestamp with time zone,
    network_id uuid NOT NULL,
    person_id uuid NOT NULL,
    device_hash bytea,
    label_guarded bytea,
    is_landline boolean DEFAULT false NOT NULL,
    may_call boolean DEFAULT true NOT NULL,
    may_text boolean DEFAULT true NOT NULL,
    stopped_at timestamp with time zone,
    CONSTRAINT address_landline_takes_no_texts CHECK (((NOT is_landline) OR (NOT may_text))),
    CONSTRAINT people_address_code_tries_check CHECK ((code_tries >= 0)),
    CONSTRAINT people_address_rank_check CHECK ((rank >= 0))
);
CREATE TABLE public.people_alertkey (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    label_guarded bytea NOT NULL,
    key_hash bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    network_id uuid NOT NULL,
    person_id uuid NOT NULL
);
CREATE TABLE public.people_askedon (
    id bigint NOT NULL,
    day date NOT NULL,
    times smallint NOT NULL,
    last_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    network_id uuid NOT NULL,
    person_id uuid NOT NULL,
    CONSTRAINT askedon_at_least_once CHECK ((times >= 1)),
    CONSTRAINT people_askedon_times_check CHECK ((times >= 0))
);
ALTER TABLE public.people_askedon ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.people_askedon_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.people_auditrow (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id uuid,
    verb character varying(60) NOT NULL,
    thing_id uuid,
    detail jsonb NOT NULL,
    network_id uuid NOT NULL
);
ALTER TABLE public.people_auditrow ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.people_auditrow_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.people_block (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    lifted_at timestamp with time zone,
    network_id uuid NOT NULL,
    blocked_id uuid NOT NULL,
    blocker_id uuid NOT NULL,
    CONSTRAINT block_not_oneself CHECK ((NOT (blocker_id = blocked_id)))
);
CREATE TABLE public.people_buddy (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    state character varying(10) NOT NULL,
    answered_at timestamp with time zone,
    ended_at timestamp with time zone,
    topic_id uuid,
    expires_at timestamp with time zone,
    network_id uuid NOT NULL,
    asked_id uuid NOT NULL,
    asker_id uuid NOT NULL,
    CONSTRAINT buddy_not_oneself CHECK ((NOT (asker_id = asked_id)))
);
CREATE TABLE public.people_buddyseat (
    id bigint NOT NULL,
    seat smallint NOT NULL,
    buddy_id uuid NOT NULL,
    network_id uuid NOT NULL,
    person_id uuid NOT NULL,
    CONSTRAINT buddyseat_at_most_five CHECK (((seat >= 1) AND (seat <= 5))),
    CONSTRAINT people_buddyseat_seat_check CHECK ((seat >= 0))
);
ALTER TABLE public.people_buddyseat ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.people_buddyseat_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.people_circle (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(12) NOT NULL,
    name character varying(60) NOT NULL,
    purpose character varying(300) NOT NULL,
    closed_at timestamp with time zone,
    part_of_id uuid,
    network_id uuid NOT NULL
);
CREATE TABLE public.people_codesent (
    id bigint NOT NULL,
    value_index bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    network_id uuid NOT NULL,
    person_id uuid NOT NULL
);
ALTER TABLE public.people_codesent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.people_codesent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.people_hello (
    id bigint NOT NULL,
    day date NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    network_id uuid NOT NULL,
    person_id uuid NOT NULL
);
ALTER TABLE public.people_hello ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.people_hello_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.people_invite (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    is_founding boolean NOT NULL,
    code_index bytea NOT NULL,
    code_guarded bytea,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    circle_id uuid,
    network_id uuid NOT NULL,
    inviter_id uuid,
    used_by_id uuid
);
CREATE TABLE public.people_joinrequest (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    name_guarded bytea NOT NULL,
    words_guarded bytea NOT NULL,
    language character varying(8) NOT NULL,
    code_index bytea NOT NULL,
    state character varying(10) NOT NULL,
    decided_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    invite_id uuid,
    network_id uuid NOT NULL,
    decided_by_id uuid
);
CREATE TABLE public.people_localnumber (
    id uuid NOT NULL,
    ordinal smallint NOT NULL,
    label jsonb NOT NULL,
    number character varying(24) NOT NULL,
    network_id uuid NOT NULL,
    CONSTRAINT localnumber_at_most_ten CHECK (((ordinal >= 1) AND (ordinal <= 10))),
    CONSTRAINT people_localnumber_ordinal_check CHECK ((ordinal >= 0))
);
CREATE TABLE public.people_login (
    password character varying(128) NOT NULL,
    id uuid NOT NULL,
    handle character varying(180) NOT NULL,
    recovery character varying(200) NOT NULL,
    is_active boolean NOT NULL,
    network_id uuid NOT NULL,
    person_id uuid NOT NULL
);
CREATE TABLE public.people_mandate (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    role character varying(20) NOT NULL,
    from_at timestamp with time zone NOT NULL,
    until_at timestamp with time zone NOT NULL,
    source_kind character varying(12) NOT NULL,
    source_id uuid,
    ended_at timestamp with time zone,
    ended_why character varying(12) NOT NULL,
    circle_id uuid,
    network_id uuid NOT NULL,
    given_by_id uuid,
    person_id uuid NOT NULL,
    CONSTRAINT mandate_ended_why CHECK ((((ended_at IS NULL) AND ((ended_why)::text = ''::text)) OR ((ended_at IS NOT NULL) AND (NOT ((ended_why)::text = ''::text))))),
    CONSTRAINT mandate_has_a_term CHECK ((until_at > from_at))
);
CREATE TABLE public.people_membership (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(12) NOT NULL,
    seat smallint,
    from_at timestamp with time zone NOT NULL,
    until_at timestamp with time zone,
    ended_why character varying(12) NOT NULL,
    circle_id uuid NOT NULL,
    network_id uuid NOT NULL,
    person_id uuid NOT NULL,
    CONSTRAINT membership_pod_has_ten_seats CHECK (((((kind)::text = 'pod'::text) AND (seat IS NOT NULL) AND ((seat >= 1) AND (seat <= 10))) OR ((NOT ((kind)::text = 'pod'::text)) AND (seat IS NULL)))),
    CONSTRAINT membership_until_after_from CHECK (((until_at IS NULL) OR (until_at >= from_at))),
    CONSTRAINT people_membership_seat_check CHECK ((seat >= 0))
);
CREATE TABLE public.people_membershipask (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    state character varying(10) NOT NULL,
    answered_at timestamp with time zone,
    topic_id uuid,
    expires_at timestamp with time zone NOT NULL,
    circle_id uuid NOT NULL,
    network_id uuid NOT NULL,
    answered_by_id uuid,
    asked_by_id uuid NOT NULL,
    person_id uuid NOT NULL
);
CREATE TABLE public.people_network (
    id uuid NOT NULL,
    slug character varying(40) NOT NULL,
    name character varying(60) NOT NULL,
    zone character varying(60) NOT NULL,
    languages jsonb NOT NULL,
    emergency_number character varying(20) NOT NULL,
    middle_cell character varying(15) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    is_demo boolean NOT NULL,
    CONSTRAINT network_slug_plain CHECK (((slug)::text ~ '^[a-z0-9][a-z0-9-]*$'::text))
);
CREATE TABLE public.people_networkrule (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    key character varying(60) NOT NULL,
    version integer NOT NULL,
    value jsonb NOT NULL,
    from_at timestamp with time zone NOT NULL,
    reason character varying(300) NOT NULL,
    decided_by uuid,
    network_id uuid NOT NULL,
    CONSTRAINT people_networkrule_version_check CHECK ((version >= 0))
);
CREATE TABLE public.people_person (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    name character varying(60) NOT NULL,
    skeleton character varying(120) NOT NULL,
    language character varying(8) NOT NULL,
    speaks jsonb NOT NULL,
    level character varying(12) NOT NULL,
    is_founder boolean NOT NULL,
    is_under_18 boolean NOT NULL,
    invite_id uuid,
    quiet_from smallint,
    quiet_until smallint,
    theme character varying(6) NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    left_at timestamp with time zone,
    expires_at timestamp with time zone,
    invited_by_id uuid,
    network_id uuid NOT NULL,
    CONSTRAINT people_person_quiet_from_check CHECK ((quiet_from >= 0)),
    CONSTRAINT people_person_quiet_until_check CHECK ((quiet_until >= 0)),
    CONSTRAINT person_quiet_hours CHECK ((((quiet_from IS NULL) AND (quiet_until IS NULL)) OR ((quiet_from IS NOT NULL) AND ((quiet_from >= 0) AND (quiet_from <= 1439)) AND (quiet_until IS NOT NULL) AND ((quiet_until >= 0) AND (quiet_until <= 1439)))))
);
CREATE TABLE public.people_place (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(8) NOT NULL,
    label_guarded bytea NOT NULL,
    address_guarded bytea,
    door_note_guarded bytea,
    pin_guarded bytea,
    cells_guarded bytea NOT NULL,
    hours bytea NOT NULL,
    expires_at timestamp with time zone,
    network_id uuid NOT NULL,
    person_id uuid NOT NULL,
    CONSTRAINT place_whole_week CHECK ((octet_length(hours) = 21))
);
CREATE TABLE public.people_reach (
    id bigint NOT NULL,
    token bytea NOT NULL,
    hours bytea NOT NULL,
    last_asked_at timestamp with time zone,
    asked_in_7_days smallint NOT NULL,
    is_paused boolean NOT NULL,
    paused_until timestamp with time zone,
    network_id uuid NOT NULL,
    person_id uuid NOT NULL,
    place_id uuid NOT NULL,
    may_be_asked boolean DEFAULT false NOT NULL,
    CONSTRAINT people_reach_asked_in_7_days_check CHECK ((asked_in_7_days >= 0)),
    CONSTRAINT reach_asked_when CHECK (((asked_in_7_days = 0) OR (last_asked_at IS NOT NULL))),
    CONSTRAINT reach_paused_until CHECK ((is_paused OR (paused_until IS NULL))),
    CONSTRAINT reach_whole_week CHECK ((octet_length(hours) = 21))
);
ALTER TABLE public.people_reach ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.people_reach_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.people_resetapproval (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    keeper_id uuid NOT NULL,
    network_id uuid NOT NULL,
    request_id uuid NOT NULL
);
CREATE TABLE public.people_resetrequest (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    code_index bytea,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    network_id uuid NOT NULL,
    person_id uuid NOT NULL
);
CREATE TABLE public.people_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL,
    login_id uuid
);
CREATE TABLE public.people_trainedrole (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    role character varying(20) NOT NULL,
    from_on date NOT NULL,
    until_on date NOT NULL,
    confirmed_at timestamp with time zone,
    ended_at timestamp with time zone,
    network_id uuid NOT NULL,
    person_id uuid NOT NULL,
    CONSTRAINT trainedrole_has_a_term CHECK ((until_on > from_on))
);
CREATE TABLE public.people_trainedroleconfirmation (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    by_id uuid NOT NULL,
    network_id uuid NOT NULL,
    trained_role_id uuid NOT NULL
);
CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);
CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;
CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;
CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);
CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;
CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.trust_countersign (
    id uuid NOT NULL,
    kind character varying(40) NOT NULL,
    thing_id uuid NOT NULL,
    needed smallint NOT NULL,
    until_at timestamp with time zone NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    closed_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    network_id uuid NOT NULL,
    CONSTRAINT countersign_done_or_closed CHECK (((done_at IS NULL) OR (closed_at IS NULL))),
    CONSTRAINT countersign_in_time CHECK (((until_at > opened_at) AND (expires_at > until_at) AND ((done_at IS NULL) OR ((done_at >= opened_at) AND (done_at < until_at))) AND ((closed_at IS NULL) OR (closed_at >= opened_at)))),
    CONSTRAINT countersign_needed CHECK (((needed >= 1) AND (needed <= 20))),
    CONSTRAINT trust_countersign_needed_check CHECK ((needed >= 0))
);
CREATE TABLE public.trust_countersignature (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    countersign_id uuid NOT NULL,
    network_id uuid NOT NULL,
    person_id uuid NOT NULL
);
ALTER TABLE public.trust_countersignature ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.trust_countersignature_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.trust_disclosure (
    id uuid NOT NULL,
    what character varying(40) NOT NULL,
    thing_id uuid NOT NULL,
    why_kind character varying(40) NOT NULL,
    why_id uuid NOT NULL,
    from_at timestamp with time zone NOT NULL,
    until_at timestamp with time zone,
    revoked_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    network_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    reader_id uuid NOT NULL,
    CONSTRAINT disclosure_ends_after_it_began CHECK (((expires_at > from_at) AND ((until_at IS NULL) OR (until_at > from_at)) AND ((revoked_at IS NULL) OR (revoked_at >= from_at)))),
    CONSTRAINT disclosure_not_oneself CHECK ((NOT (owner_id = reader_id)))
);
CREATE TABLE public.trust_reading (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    how character varying(8) NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    disclosure_id uuid NOT NULL,
    network_id uuid NOT NULL,
    CONSTRAINT reading_expires_later CHECK ((expires_at > at)),
    CONSTRAINT reading_how CHECK (((how)::text = ANY ((ARRAY['page'::character varying, 'text'::character varying, 'call'::character varying, 'link'::character varying])::text[])))
);
ALTER TABLE public.trust_reading ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.trust_reading_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.trust_vouch (
    id uuid NOT NULL,
    source character varying(80) NOT NULL,
    client_key uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    network_id uuid NOT NULL,
    vouched_id uuid NOT NULL,
    voucher_id uuid NOT NULL,
    CONSTRAINT vouch_not_oneself CHECK ((NOT (voucher_id = vouched_id)))
);
ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);
ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);
ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);
ALTER TABLE ONLY public.people_address
    ADD CONSTRAINT address_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.alerts_alert
    ADD CONSTRAINT alert_network UNIQUE (network_id, id);
ALTER TABLE ONLY public.alerts_alert
    ADD CONSTRAINT alert_number UNIQUE (network_id, number);
ALTER TABLE ONLY public.alerts_alert
    ADD CONSTRAINT alert_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.people_alertkey
    ADD CONSTRAINT alertkey_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.alerts_alert
    ADD CONSTRAINT alerts_alert_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.alerts_alertchoice
    ADD CONSTRAINT alerts_alertchoice_pkey PRIMARY KEY (person_id);
ALTER TABLE ONLY public.alerts_alertevent
    ADD CONSTRAINT alerts_alertevent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.alerts_alerttask
    ADD CONSTRAINT alerts_alerttask_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.alerts_alertupdate
    ADD CONSTRAINT alerts_alertupdate_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.alerts_alertwords
    ADD CONSTRAINT alerts_alertwords_pkey PRIMARY KEY (alert_id);
ALTER TABLE ONLY public.alerts_doorpause
    ADD CONSTRAINT alerts_doorpause_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.alerts_invitation
    ADD CONSTRAINT alerts_invitation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.alerts_safeperson
    ADD CONSTRAINT alerts_safeperson_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.alerts_wave
    ADD CONSTRAINT alerts_wave_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.alerts_alerttask
    ADD CONSTRAINT alerttask_network UNIQUE (network_id, id);
ALTER TABLE ONLY public.alerts_alerttask
    ADD CONSTRAINT alerttask_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.alerts_alerttask
    ADD CONSTRAINT alerttask_ring_once UNIQUE (alert_id, ring_id);
ALTER TABLE ONLY public.alerts_alertupdate
    ADD CONSTRAINT alertupdate_network UNIQUE (network_id, id);
ALTER TABLE ONLY public.alerts_alertupdate
    ADD CONSTRAINT alertupdate_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.people_askedon
    ADD CONSTRAINT askedon_once_a_day UNIQUE (person_id, day);
ALTER TABLE ONLY public.notices_attempt
    ADD CONSTRAINT attempt_network UNIQUE (network_id, id);
ALTER TABLE ONLY public.notices_attempt
    ADD CONSTRAINT attempt_order UNIQUE (delivery_id, ordinal);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_block
    ADD CONSTRAINT block_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.people_buddy
    ADD CONSTRAINT buddy_network UNIQUE (network_id, id);
ALTER TABLE ONLY public.people_buddy
    ADD CONSTRAINT buddy_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.people_buddyseat
    ADD CONSTRAINT buddyseat_taken_once UNIQUE (person_id, seat);
ALTER TABLE ONLY public.people_buddyseat
    ADD CONSTRAINT buddyseat_two_ends UNIQUE (buddy_id, person_id);
ALTER TABLE ONLY public.people_circle
    ADD CONSTRAINT circle_kind UNIQUE (network_id, id, kind);
ALTER TABLE ONLY public.people_circle
    ADD CONSTRAINT circle_network UNIQUE (network_id, id);
ALTER TABLE ONLY public.people_circle
    ADD CONSTRAINT circle_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.trust_countersign
    ADD CONSTRAINT countersign_network UNIQUE (network_id, id);
ALTER TABLE ONLY public.trust_countersignature
    ADD CONSTRAINT countersignature_once UNIQUE (countersign_id, person_id);
ALTER TABLE ONLY public.notices_delivery
    ADD CONSTRAINT delivery_network UNIQUE (network_id, id);
ALTER TABLE ONLY public.notices_delivery
    ADD CONSTRAINT delivery_rank UNIQUE (notice_id, rank);
ALTER TABLE ONLY public.notices_demophone
    ADD CONSTRAINT demophone_label UNIQUE (network_id, label);
ALTER TABLE ONLY public.notices_demophone
    ADD CONSTRAINT demophone_network UNIQUE (network_id, id);
ALTER TABLE ONLY public.trust_disclosure
    ADD CONSTRAINT disclosure_network UNIQUE (network_id, id);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_hello
    ADD CONSTRAINT hello_once_a_day UNIQUE (person_id, day);
ALTER TABLE ONLY public.notices_incomingtext
    ADD CONSTRAINT incomingtext_once UNIQUE (network_id, channel, provider_id);
ALTER TABLE ONLY public.alerts_invitation
    ADD CONSTRAINT invitation_network UNIQUE (network_id, id);
ALTER TABLE ONLY public.alerts_invitation
    ADD CONSTRAINT invitation_once UNIQUE (alert_id, person_id);
ALTER TABLE ONLY public.alerts_invitation
    ADD CONSTRAINT invitation_seat_taken_once UNIQUE (alert_id, seat);
ALTER TABLE ONLY public.people_invite
    ADD CONSTRAINT invite_network UNIQUE (network_id, id);
ALTER TABLE ONLY public.people_invite
    ADD CONSTRAINT invite_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.people_joinrequest
    ADD CONSTRAINT joinrequest_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.kit_clockshift
    ADD CONSTRAINT kit_clockshift_pkey PRIMARY KEY ("only");
ALTER TABLE ONLY public.kit_keycheck
    ADD CONSTRAINT kit_keycheck_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.people_localnumber
    ADD CONSTRAINT localnumber_order UNIQUE (network_id, ordinal);
ALTER TABLE ONLY public.people_mandate
    ADD CONSTRAINT mandate_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.people_membership
    ADD CONSTRAINT membership_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.people_membershipask
    ADD CONSTRAINT membershipask_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.people_networkrule
    ADD CONSTRAINT networkrule_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.people_networkrule
    ADD CONSTRAINT networkrule_version UNIQUE (network_id, key, version);
ALTER TABLE ONLY public.notices_notice
    ADD CONSTRAINT notice_link UNIQUE (link_index);
ALTER TABLE ONLY public.notices_notice
    ADD CONSTRAINT notice_network UNIQUE (network_id, id);
ALTER TABLE ONLY public.notices_notice
    ADD CONSTRAINT notice_tells_once UNIQUE (topic_id, recipient_id, purpose);
ALTER TABLE ONLY public.notices_addresshealth
    ADD CONSTRAINT notices_addresshealth_pkey PRIMARY KEY (address_id);
ALTER TABLE ONLY public.notices_attempt
    ADD CONSTRAINT notices_attempt_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notices_delivery
    ADD CONSTRAINT notices_delivery_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notices_demophone
    ADD CONSTRAINT notices_demophone_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notices_demophonemessage
    ADD CONSTRAINT notices_demophonemessage_delivery_id_key UNIQUE (delivery_id);
ALTER TABLE ONLY public.notices_demophonemessage
    ADD CONSTRAINT notices_demophonemessage_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notices_gatewaycursor
    ADD CONSTRAINT notices_gatewaycursor_pkey PRIMARY KEY (gateway);
ALTER TABLE ONLY public.notices_incomingtext
    ADD CONSTRAINT notices_incomingtext_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notices_notice
    ADD CONSTRAINT notices_notice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notices_outcome
    ADD CONSTRAINT notices_outcome_attempt_id_key UNIQUE (attempt_id);
ALTER TABLE ONLY public.notices_outcome
    ADD CONSTRAINT notices_outcome_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notices_receipt
    ADD CONSTRAINT notices_receipt_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notices_text
    ADD CONSTRAINT notices_text_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notices_topic
    ADD CONSTRAINT notices_topic_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_address
    ADD CONSTRAINT people_address_device_hash_key UNIQUE (device_hash);
ALTER TABLE ONLY public.people_address
    ADD CONSTRAINT people_address_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_alertkey
    ADD CONSTRAINT people_alertkey_key_hash_key UNIQUE (key_hash);
ALTER TABLE ONLY public.people_alertkey
    ADD CONSTRAINT people_alertkey_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_askedon
    ADD CONSTRAINT people_askedon_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_auditrow
    ADD CONSTRAINT people_auditrow_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_block
    ADD CONSTRAINT people_block_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_buddy
    ADD CONSTRAINT people_buddy_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_buddyseat
    ADD CONSTRAINT people_buddyseat_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_circle
    ADD CONSTRAINT people_circle_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_codesent
    ADD CONSTRAINT people_codesent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_hello
    ADD CONSTRAINT people_hello_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_invite
    ADD CONSTRAINT people_invite_code_index_key UNIQUE (code_index);
ALTER TABLE ONLY public.people_invite
    ADD CONSTRAINT people_invite_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_joinrequest
    ADD CONSTRAINT people_joinrequest_code_index_key UNIQUE (code_index);
ALTER TABLE ONLY public.people_joinrequest
    ADD CONSTRAINT people_joinrequest_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_localnumber
    ADD CONSTRAINT people_localnumber_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_login
    ADD CONSTRAINT people_login_handle_key UNIQUE (handle);
ALTER TABLE ONLY public.people_login
    ADD CONSTRAINT people_login_person_id_key UNIQUE (person_id);
ALTER TABLE ONLY public.people_login
    ADD CONSTRAINT people_login_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_mandate
    ADD CONSTRAINT people_mandate_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_membership
    ADD CONSTRAINT people_membership_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_membershipask
    ADD CONSTRAINT people_membershipask_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_network
    ADD CONSTRAINT people_network_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_network
    ADD CONSTRAINT people_network_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.people_networkrule
    ADD CONSTRAINT people_networkrule_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_person
    ADD CONSTRAINT people_person_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_place
    ADD CONSTRAINT people_place_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_reach
    ADD CONSTRAINT people_reach_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_resetapproval
    ADD CONSTRAINT people_resetapproval_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_resetrequest
    ADD CONSTRAINT people_resetrequest_code_index_key UNIQUE (code_index);
ALTER TABLE ONLY public.people_resetrequest
    ADD CONSTRAINT people_resetrequest_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_session
    ADD CONSTRAINT people_session_pkey PRIMARY KEY (session_key);
ALTER TABLE ONLY public.people_trainedrole
    ADD CONSTRAINT people_trainedrole_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_trainedroleconfirmation
    ADD CONSTRAINT people_trainedroleconfirmation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_person
    ADD CONSTRAINT person_network UNIQUE (network_id, id);
ALTER TABLE ONLY public.people_person
    ADD CONSTRAINT person_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.people_place
    ADD CONSTRAINT place_network UNIQUE (network_id, id);
ALTER TABLE ONLY public.people_place
    ADD CONSTRAINT place_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);
ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people_reach
    ADD CONSTRAINT reach_once UNIQUE (place_id, token);
ALTER TABLE ONLY public.notices_receipt
    ADD CONSTRAINT receipt_once UNIQUE (delivery_id, provider_id);
ALTER TABLE ONLY public.people_resetapproval
    ADD CONSTRAINT resetapproval_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.people_resetapproval
    ADD CONSTRAINT resetapproval_two_different UNIQUE (request_id, keeper_id);
ALTER TABLE ONLY public.people_resetrequest
    ADD CONSTRAINT resetrequest_network UNIQUE (network_id, id);
ALTER TABLE ONLY public.people_resetrequest
    ADD CONSTRAINT resetrequest_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.alerts_safeperson
    ADD CONSTRAINT safeperson_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.alerts_safeperson
    ADD CONSTRAINT safeperson_pair UNIQUE (person_id, chosen_id);
ALTER TABLE ONLY public.alerts_safeperson
    ADD CONSTRAINT safeperson_seat UNIQUE (person_id, seat);
ALTER TABLE ONLY public.notices_text
    ADD CONSTRAINT text_network UNIQUE (network_id, id);
ALTER TABLE ONLY public.notices_text
    ADD CONSTRAINT text_once UNIQUE (topic_id, language, fingerprint);
ALTER TABLE ONLY public.notices_topic
    ADD CONSTRAINT topic_network UNIQUE (network_id, id);
ALTER TABLE ONLY public.people_trainedroleconfirmation
    ADD CONSTRAINT trainedconfirm_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.people_trainedroleconfirmation
    ADD CONSTRAINT trainedconfirm_two_different UNIQUE (trained_role_id, by_id);
ALTER TABLE ONLY public.people_trainedrole
    ADD CONSTRAINT trainedrole_network UNIQUE (network_id, id);
ALTER TABLE ONLY public.people_trainedrole
    ADD CONSTRAINT trainedrole_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.trust_countersign
    ADD CONSTRAINT trust_countersign_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.trust_countersignature
    ADD CONSTRAINT trust_countersignature_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.trust_disclosure
    ADD CONSTRAINT trust_disclosure_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.trust_reading
    ADD CONSTRAINT trust_reading_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.trust_vouch
    ADD CONSTRAINT trust_vouch_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.trust_vouch
    ADD CONSTRAINT vouch_once UNIQUE (network_id, source, client_key);
ALTER TABLE ONLY public.trust_vouch
    ADD CONSTRAINT vouch_pair_once UNIQUE (voucher_id, vouched_id);
ALTER TABLE ONLY public.alerts_wave
    ADD CONSTRAINT wave_network UNIQUE (network_id, id);
ALTER TABLE ONLY public.alerts_wave
    ADD CONSTRAINT wave_order UNIQUE (alert_id, ordinal);
CREATE UNIQUE INDEX address_distinct ON public.people_address USING btree (person_id, channel, value_index) WHERE (removed_at IS NULL);
CREATE UNIQUE INDEX address_order ON public.people_address USING btree (person_id, rank) WHERE (removed_at IS NULL);
CREATE INDEX alert_of_raiser ON public.alerts_alert USING btree (raised_by_id, created_at DESC);
CREATE INDEX alert_running ON public.alerts_alert USING btree (network_id, created_at DESC) WHERE ((state)::text = ANY ((ARRAY['verifying'::character varying, 'open'::character varying, 'enough'::character varying])::text[]));
CREATE INDEX alertevent_line ON public.alerts_alertevent USING btree (alert_id, id);
CREATE INDEX alerts_alert_expires_at_56e5c620 ON public.alerts_alert USING btree (expires_at);
CREATE INDEX alerts_alert_lead_id_445ca523 ON public.alerts_alert USING btree (lead_id);
CREATE INDEX alerts_alert_network_id_55bf0f38 ON public.alerts_alert USING btree (network_id);
CREATE INDEX alerts_alert_raised_by_id_0202f047 ON public.alerts_alert USING btree (raised_by_id);
CREATE INDEX alerts_alert_subject_id_1259e0c4 ON public.alerts_alert USING btree (subject_id);
CREATE INDEX alerts_alertchoice_network_id_c3913d70 ON public.alerts_alertchoice USING btree (network_id);
CREATE INDEX alerts_alertevent_alert_id_edd734b8 ON public.alerts_alertevent USING btree (alert_id);
CREATE INDEX alerts_alertevent_network_id_95a8756b ON public.alerts_alertevent USING btree (network_id);
CREATE INDEX alerts_alerttask_alert_id_16190ee4 ON public.alerts_alerttask USING btree (alert_id);
CREATE INDEX alerts_alerttask_expires_at_d1e95c5d ON public.alerts_alerttask USING btree (expires_at);
CREATE INDEX alerts_alerttask_network_id_34cbb894 ON public.alerts_alerttask USING btree (network_id);
CREATE INDEX alerts_alerttask_ring_id_0fef0f91 ON public.alerts_alerttask USING btree (ring_id);
CREATE INDEX alerts_alerttask_taken_by_id_392d930c ON public.alerts_alerttask USING btree (taken_by_id);
CREATE INDEX alerts_alertupdate_alert_id_a981cacd ON public.alerts_alertupdate USING btree (alert_id);
CREATE INDEX alerts_alertupdate_expires_at_cf70a6c0 ON public.alerts_alertupdate USING btree (expires_at);
CREATE INDEX alerts_alertupdate_network_id_b8d3df25 ON public.alerts_alertupdate USING btree (network_id);
CREATE INDEX alerts_alertupdate_person_id_752adb7d ON public.alerts_alertupdate USING btree (person_id);
CREATE INDEX alerts_alertwords_expires_at_eba77078 ON public.alerts_alertwords USING btree (expires_at);
CREATE INDEX alerts_alertwords_network_id_378d59cf ON public.alerts_alertwords USING btree (network_id);
CREATE INDEX alerts_doorpause_expires_at_d1669dce ON public.alerts_doorpause USING btree (expires_at);
CREATE INDEX alerts_doorpause_network_id_0ea54770 ON public.alerts_doorpause USING btree (network_id);
CREATE INDEX alerts_doorpause_person_id_e7440247 ON public.alerts_doorpause USING btree (person_id);
CREATE INDEX alerts_invitation_alert_id_1b7175d8 ON public.alerts_invitation USING btree (alert_id);
CREATE INDEX alerts_invitation_network_id_359d8a9a ON public.alerts_invitation USING btree (network_id);
CREATE INDEX alerts_invitation_person_id_89511e9e ON public.alerts_invitation USING btree (person_id);
CREATE INDEX alerts_invitation_wave_id_2fd52c0c ON public.alerts_invitation USING btree (wave_id);
CREATE INDEX alerts_safeperson_chosen_id_4e0d0368 ON public.alerts_safeperson USING btree (chosen_id);
CREATE INDEX alerts_safeperson_network_id_fcf500b8 ON public.alerts_safeperson USING btree (network_id);
CREATE INDEX alerts_safeperson_person_id_4498a5ea ON public.alerts_safeperson USING btree (person_id);
CREATE INDEX alerts_wave_alert_id_398203d7 ON public.alerts_wave USING btree (alert_id);
CREATE INDEX alerts_wave_network_id_392cc776 ON public.alerts_wave USING btree (network_id);
CREATE INDEX askedon_over ON public.people_askedon USING btree (expires_at);
CREATE INDEX audit_newest ON public.people_auditrow USING btree (network_id, id DESC);
CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);
CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);
CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);
CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);
CREATE UNIQUE INDEX block_current ON public.people_block USING btree (blocker_id, blocked_id) WHERE (lifted_at IS NULL);
CREATE INDEX block_other_way ON public.people_block USING btree (blocked_id);
CREATE UNIQUE INDEX buddy_pair_once ON public.people_buddy USING btree (LEAST(asker_id, asked_id), GREATEST(asker_id, asked_id)) WHERE ((state)::text = ANY ((ARRAY['asked'::character varying, 'accepted'::character varying])::text[]));
CREATE INDEX codesent_by_person ON public.people_codesent USING btree (person_id, at);
CREATE INDEX codesent_to_address ON public.people_codesent USING btree (value_index, at);
CREATE UNIQUE INDEX countersign_current ON public.trust_countersign USING btree (network_id, kind, thing_id) WHERE ((closed_at IS NULL) AND (done_at IS NULL));
CREATE INDEX countersign_of_thing ON public.trust_countersign USING btree (network_id, thing_id, kind);
CREATE INDEX countersignature_by ON public.trust_countersignature USING btree (person_id);
CREATE INDEX delivery_by_address ON public.notices_delivery USING btree (address_index, id DESC) WHERE (address_index IS NOT NULL);
CREATE INDEX delivery_due ON public.notices_delivery USING btree (lane, channel, due_at, id) WHERE ((state)::text = ANY ((ARRAY['queued'::character varying, 'failed_temp'::character varying, 'in_doubt'::character varying])::text[]));
CREATE INDEX delivery_leases ON public.notices_delivery USING btree (lane, lease_until) WHERE ((state)::text = 'claimed'::text);
CREATE INDEX demomessage_newest ON public.notices_demophonemessage USING btree (phone_id, id DESC);
CREATE INDEX disclosure_by_end ON public.trust_disclosure USING btree (LEAST(expires_at, until_at, revoked_at));
CREATE UNIQUE INDEX disclosure_current ON public.trust_disclosure USING btree (network_id, thing_id, what, reader_id) WHERE (revoked_at IS NULL);
CREATE INDEX disclosure_of_owner ON public.trust_disclosure USING btree (owner_id, from_at DESC);
CREATE INDEX disclosure_of_thing ON public.trust_disclosure USING btree (thing_id);
CREATE INDEX disclosure_to_reader ON public.trust_disclosure USING btree (reader_id);
CREATE INDEX disclosure_why ON public.trust_disclosure USING btree (why_id);
CREATE UNIQUE INDEX doorpause_once ON public.alerts_doorpause USING btree (person_id) WHERE (lifted_at IS NULL);
CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));
CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);
CREATE INDEX incomingtext_by_address ON public.notices_incomingtext USING btree (address_index, arrived_at DESC);
CREATE INDEX incomingtext_inbox ON public.notices_incomingtext USING btree (network_id, arrived_at DESC) WHERE ((handled_at IS NULL) AND ((understood_by)::text = ''::text));
CREATE INDEX invitation_of_person ON public.alerts_invitation USING btree (person_id, alert_id);
CREATE INDEX kit_keycheck_name_605090a2_like ON public.kit_keycheck USING btree (name varchar_pattern_ops);
CREATE INDEX mandate_of_person ON public.people_mandate USING btree (person_id, until_at);
CREATE UNIQUE INDEX membership_current ON public.people_membership USING btree (circle_id, person_id) WHERE (until_at IS NULL);
CREATE INDEX membership_of_person ON public.people_membership USING btree (person_id, until_at);
CREATE UNIQUE INDEX membership_one_pod ON public.people_membership USING btree (person_id) WHERE (((kind)::text = 'pod'::text) AND (until_at IS NULL));
CREATE UNIQUE INDEX membership_seat_taken_once ON public.people_membership USING btree (circle_id, seat) WHERE (until_at IS NULL);
CREATE UNIQUE INDEX membershipask_open_once ON public.people_membershipask USING btree (circle_id, person_id) WHERE ((state)::text = 'asked'::text);
CREATE INDEX notice_news ON public.notices_notice USING btree (network_id, recipient_id, told_at DESC);
CREATE INDEX notice_unread ON public.notices_notice USING btree (network_id, recipient_id) WHERE ((answered_at IS NULL) AND (seen_at IS NULL));
CREATE INDEX notices_addresshealth_expires_at_975cc143 ON public.notices_addresshealth USING btree (expires_at);
CREATE INDEX notices_demophonemessage_phone_id_b7205823 ON public.notices_demophonemessage USING btree (phone_id);
CREATE INDEX notices_gatewaycursor_gateway_0ca8959b_like ON public.notices_gatewaycursor USING btree (gateway varchar_pattern_ops);
CREATE INDEX notices_incomingtext_expires_at_5a6e3e6f ON public.notices_incomingtext USING btree (expires_at);
CREATE INDEX notices_notice_text_id_ce2f1889 ON public.notices_notice USING btree (text_id);
CREATE INDEX notices_receipt_delivery_id_9954e5e0 ON public.notices_receipt USING btree (delivery_id);
CREATE INDEX notices_topic_expires_at_7a876a8d ON public.notices_topic USING btree (expires_at);
CREATE INDEX people_address_network_id_e9e03048 ON public.people_address USING btree (network_id);
CREATE INDEX people_address_person_id_00997e7a ON public.people_address USING btree (person_id);
CREATE INDEX people_alertkey_network_id_5aa93f54 ON public.people_alertkey USING btree (network_id);
CREATE INDEX people_alertkey_person_id_81d38e91 ON public.people_alertkey USING btree (person_id);
CREATE INDEX people_askedon_network_id_484509d8 ON public.people_askedon USING btree (network_id);
CREATE INDEX people_auditrow_network_id_90d492fb ON public.people_auditrow USING btree (network_id);
CREATE INDEX people_block_blocked_id_a2ae85f9 ON public.people_block USING btree (blocked_id);
CREATE INDEX people_block_blocker_id_8dbb03cd ON public.people_block USING btree (blocker_id);
CREATE INDEX people_block_network_id_bc441e3f ON public.people_block USING btree (network_id);
CREATE INDEX people_buddy_asked_id_084b8f2d ON public.people_buddy USING btree (asked_id);
CREATE INDEX people_buddy_asker_id_e0a07ecf ON public.people_buddy USING btree (asker_id);
CREATE INDEX people_buddy_network_id_cccef54a ON public.people_buddy USING btree (network_id);
CREATE INDEX people_buddyseat_buddy_id_bf9428a1 ON public.people_buddyseat USING btree (buddy_id);
CREATE INDEX people_buddyseat_network_id_0a57a60f ON public.people_buddyseat USING btree (network_id);
CREATE INDEX people_buddyseat_person_id_ee856426 ON public.people_buddyseat USING btree (person_id);
CREATE INDEX people_circle_network_id_9b9ddb84 ON public.people_circle USING btree (network_id);
CREATE INDEX people_circle_part_of_id_666483eb ON public.people_circle USING btree (part_of_id);
CREATE INDEX people_codesent_network_id_22913910 ON public.people_codesent USING btree (network_id);
CREATE INDEX people_codesent_person_id_942e8545 ON public.people_codesent USING btree (person_id);
CREATE INDEX people_hello_network_id_2f0f678c ON public.people_hello USING btree (network_id);
CREATE INDEX people_hello_person_id_e28966c0 ON public.people_hello USING btree (person_id);
CREATE INDEX people_invite_circle_id_c77c5076 ON public.people_invite USING btree (circle_id);
CREATE INDEX people_invite_inviter_id_b87983c3 ON public.people_invite USING btree (inviter_id);
CREATE INDEX people_invite_network_id_0328a720 ON public.people_invite USING btree (network_id);
CREATE INDEX people_invite_used_by_id_f55e9da6 ON public.people_invite USING btree (used_by_id);
CREATE INDEX people_joinrequest_decided_by_id_c5ad4749 ON public.people_joinrequest USING btree (decided_by_id);
CREATE INDEX people_joinrequest_invite_id_0030d736 ON public.people_joinrequest USING btree (invite_id);
CREATE INDEX people_joinrequest_network_id_bddff42b ON public.people_joinrequest USING btree (network_id);
CREATE INDEX people_localnumber_network_id_2597f493 ON public.people_localnumber USING btree (network_id);
CREATE INDEX people_login_handle_ca6bc137_like ON public.people_login USING btree (handle varchar_pattern_ops);
CREATE INDEX people_login_network_id_866b9804 ON public.people_login USING btree (network_id);
CREATE INDEX people_mandate_circle_id_b9b0ab21 ON public.people_mandate USING btree (circle_id);
CREATE INDEX people_mandate_given_by_id_6c3166b9 ON public.people_mandate USING btree (given_by_id);
CREATE INDEX people_mandate_network_id_2e481c03 ON public.people_mandate USING btree (network_id);
CREATE INDEX people_mandate_person_id_298e6b55 ON public.people_mandate USING btree (person_id);
CREATE INDEX people_membership_circle_id_c85a0ad8 ON public.people_membership USING btree (circle_id);
CREATE INDEX people_membership_network_id_d62d6e05 ON public.people_membership USING btree (network_id);
CREATE INDEX people_membership_person_id_dd6d28d1 ON public.people_membership USING btree (person_id);
CREATE INDEX people_membershipask_answered_by_id_5ab65d7b ON public.people_membershipask USING btree (answered_by_id);
CREATE INDEX people_membershipask_asked_by_id_e4b93041 ON public.people_membershipask USING btree (asked_by_id);
CREATE INDEX people_membershipask_circle_id_acd5c41c ON public.people_membershipask USING btree (circle_id);
CREATE INDEX people_membershipask_network_id_786835db ON public.people_membershipask USING btree (network_id);
CREATE INDEX people_membershipask_person_id_23a9fad0 ON public.people_membershipask USING btree (person_id);
CREATE INDEX people_network_slug_2584091d_like ON public.people_network USING btree (slug varchar_pattern_ops);
CREATE INDEX people_networkrule_network_id_43f6037b ON public.people_networkrule USING btree (network_id);
CREATE INDEX people_person_invited_by_id_70906bdb ON public.people_person USING btree (invited_by_id);
CREATE INDEX people_person_network_id_542fcbf8 ON public.people_person USING btree (network_id);
CREATE INDEX people_place_network_id_c7e43928 ON public.people_place USING btree (network_id);
CREATE INDEX people_place_person_id_cf3e4f08 ON public.people_place USING btree (person_id);
CREATE INDEX people_reach_person_id_b16954c5 ON public.people_reach USING btree (person_id);
CREATE INDEX people_resetapproval_keeper_id_5392e50f ON public.people_resetapproval USING btree (keeper_id);
CREATE INDEX people_resetapproval_network_id_df2e2daa ON public.people_resetapproval USING btree (network_id);
CREATE INDEX people_resetapproval_request_id_4d74bddd ON public.people_resetapproval USING btree (request_id);
CREATE INDEX people_resetrequest_network_id_830a92a1 ON public.people_resetrequest USING btree (network_id);
CREATE INDEX people_resetrequest_person_id_ccf6c6fb ON public.people_resetrequest USING btree (person_id);
CREATE INDEX people_session_expire_date_6a5f72cd ON public.people_session USING btree (expire_date);
CREATE INDEX people_session_login_id_4892a869 ON public.people_session USING btree (login_id);
CREATE INDEX people_session_session_key_f84fb1a3_like ON public.people_session USING btree (session_key varchar_pattern_ops);
CREATE INDEX people_trainedrole_network_id_e0ca4527 ON public.people_trainedrole USING btree (network_id);
CREATE INDEX people_trainedrole_person_id_3f987d7d ON public.people_trainedrole USING btree (person_id);
CREATE INDEX people_trainedroleconfirmation_by_id_2f85c0d0 ON public.people_trainedroleconfirmation USING btree (by_id);
CREATE INDEX people_trainedroleconfirmation_network_id_0daece3d ON public.people_trainedroleconfirmation USING btree (network_id);
CREATE INDEX people_trainedroleconfirmation_trained_role_id_882fec81 ON public.people_trainedroleconfirmation USING btree (trained_role_id);
CREATE UNIQUE INDEX person_name_distinct ON public.people_person USING btree (network_id, skeleton) WHERE (left_at IS NULL);
CREATE UNIQUE INDEX place_one_home ON public.people_place USING btree (person_id) WHERE ((kind)::text = 'home'::text);
CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);
CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));
CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);
CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);
CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);
CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);
CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);
CREATE INDEX reach_in_turn ON public.people_reach USING btree (network_id, token, asked_in_7_days, last_asked_at NULLS FIRST, person_id) INCLUDE (hours, is_paused, paused_until) WHERE may_be_asked;
CREATE INDEX reading_newest ON public.trust_reading USING btree (disclosure_id, how, at DESC);
CREATE INDEX topic_about ON public.notices_topic USING btree (network_id, about);
CREATE UNIQUE INDEX trainedrole_current ON public.people_trainedrole USING btree (person_id, role) WHERE (ended_at IS NULL);
CREATE INDEX trust_countersign_expires_at_2388d97f ON public.trust_countersign USING btree (expires_at);
CREATE INDEX trust_countersign_network_id_bc86f8c8 ON public.trust_countersign USING btree (network_id);
CREATE INDEX trust_countersignature_countersign_id_678a5e2b ON public.trust_countersignature USING btree (countersign_id);
CREATE INDEX trust_countersignature_network_id_82eb8644 ON public.trust_countersignature USING btree (network_id);
CREATE INDEX trust_countersignature_person_id_98e4f4d1 ON public.trust_countersignature USING btree (person_id);
CREATE INDEX trust_disclosure_network_id_ed038174 ON public.trust_disclosure USING btree (network_id);
CREATE INDEX trust_disclosure_owner_id_f66567ea ON public.trust_disclosure USING btree (owner_id);
CREATE INDEX trust_disclosure_reader_id_e838a40c ON public.trust_disclosure USING btree (reader_id);
CREATE INDEX trust_reading_disclosure_id_8385585d ON public.trust_reading USING btree (disclosure_id);
CREATE INDEX trust_reading_expires_at_e50de61c ON public.trust_reading USING btree (expires_at);
CREATE INDEX trust_reading_network_id_09f0da04 ON public.trust_reading USING btree (network_id);
CREATE INDEX trust_vouch_network_id_96a47be3 ON public.trust_vouch USING btree (network_id);
CREATE INDEX trust_vouch_vouched_id_931825bd ON public.trust_vouch USING btree (vouched_id);
CREATE INDEX trust_vouch_voucher_id_2baeeced ON public.trust_vouch USING btree (voucher_id);
CREATE TRIGGER alerts_alert_states BEFORE UPDATE OF state ON public.alerts_alert FOR EACH ROW WHEN (((old.state)::text IS DISTINCT FROM (new.state)::text)) EXECUTE FUNCTION public.alerts_hold_states();
CREATE TRIGGER alerts_event_append_only BEFORE UPDATE ON public.alerts_alertevent FOR EACH ROW EXECUTE FUNCTION public.alerts_refuse_change();
CREATE TRIGGER alerts_invitation_standings BEFORE UPDATE OF standing ON public.alerts_invitation FOR EACH ROW WHEN (((old.standing)::text IS DISTINCT FROM (new.standing)::text)) EXECUTE FUNCTION public.alerts_hold_standings();
CREATE TRIGGER notices_attempt_append_only BEFORE UPDATE ON public.notices_attempt FOR EACH ROW EXECUTE FUNCTION public.notices_refuse_change();
CREATE TRIGGER notices_delivery_begins BEFORE INSERT ON public.notices_delivery FOR EACH ROW WHEN (((new.state)::text <> 'queued'::text)) EXECUTE FUNCTION public.notices_refuse_change();
CREATE TRIGGER notices_delivery_states BEFORE UPDATE OF state ON public.notices_delivery FOR EACH ROW WHEN (((old.state)::text IS DISTINCT FROM (new.state)::text)) EXECUTE FUNCTION public.notices_hold_states();
CREATE TRIGGER notices_outcome_append_only BEFORE UPDATE ON public.notices_outcome FOR EACH ROW EXECUTE FUNCTION public.notices_refuse_change();
CREATE TRIGGER notices_receipt_append_only BEFORE UPDATE ON public.notices_receipt FOR EACH ROW EXECUTE FUNCTION public.notices_refuse_change();
CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();
CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();
CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();
CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();
CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();
CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();
CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();
CREATE TRIGGER trust_countersign_begins BEFORE INSERT ON public.trust_countersign FOR EACH ROW WHEN (((new.done_at IS NOT NULL) OR (new.closed_at IS NOT NULL))) EXECUTE FUNCTION public.trust_refuse_change();
CREATE TRIGGER trust_countersign_holds BEFORE UPDATE ON public.trust_countersign FOR EACH ROW EXECUTE FUNCTION public.trust_hold_countersign();
CREATE TRIGGER trust_countersignature_append_only BEFORE UPDATE ON public.trust_countersignature FOR EACH ROW EXECUTE FUNCTION public.trust_refuse_change();
CREATE TRIGGER trust_countersignature_in_time BEFORE INSERT ON public.trust_countersignature FOR EACH ROW EXECUTE FUNCTION public.trust_hold_signature();
CREATE TRIGGER trust_disclosure_holds BEFORE UPDATE ON public.trust_disclosure FOR EACH ROW EXECUTE FUNCTION public.trust_hold_disclosure();
CREATE TRIGGER trust_reading_append_only BEFORE UPDATE ON public.trust_reading FOR EACH ROW EXECUTE FUNCTION public.trust_refuse_change();
CREATE TRIGGER trust_reading_in_time BEFORE INSERT ON public.trust_reading FOR EACH ROW EXECUTE FUNCTION public.trust_hold_reading();
ALTER TABLE ONLY public.people_address
    ADD CONSTRAINT address_person FOREIGN KEY (network_id, person_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_alert
    ADD CONSTRAINT alert_lead FOREIGN KEY (network_id, lead_id) REFERENCES public.people_person(network_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_alert
    ADD CONSTRAINT alert_raised_by FOREIGN KEY (network_id, raised_by_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_alert
    ADD CONSTRAINT alert_subject FOREIGN KEY (network_id, subject_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_alertchoice
    ADD CONSTRAINT alertchoice_person FOREIGN KEY (network_id, person_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_alertevent
    ADD CONSTRAINT alertevent_alert FOREIGN KEY (network_id, alert_id) REFERENCES public.alerts_alert(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_alertkey
    ADD CONSTRAINT alertkey_person FOREIGN KEY (network_id, person_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_alert
    ADD CONSTRAINT alerts_alert_network_id_55bf0f38_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_alertchoice
    ADD CONSTRAINT alerts_alertchoice_network_id_c3913d70_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_alertevent
    ADD CONSTRAINT alerts_alertevent_network_id_95a8756b_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_alerttask
    ADD CONSTRAINT alerts_alerttask_network_id_34cbb894_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_alertupdate
    ADD CONSTRAINT alerts_alertupdate_network_id_b8d3df25_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_alertwords
    ADD CONSTRAINT alerts_alertwords_network_id_378d59cf_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_doorpause
    ADD CONSTRAINT alerts_doorpause_network_id_0ea54770_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_invitation
    ADD CONSTRAINT alerts_invitation_network_id_359d8a9a_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_safeperson
    ADD CONSTRAINT alerts_safeperson_network_id_fcf500b8_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_wave
    ADD CONSTRAINT alerts_wave_network_id_392cc776_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_alerttask
    ADD CONSTRAINT alerttask_alert FOREIGN KEY (network_id, alert_id) REFERENCES public.alerts_alert(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_alerttask
    ADD CONSTRAINT alerttask_ring FOREIGN KEY (network_id, ring_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_alerttask
    ADD CONSTRAINT alerttask_taken_by FOREIGN KEY (network_id, taken_by_id) REFERENCES public.people_person(network_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_alertupdate
    ADD CONSTRAINT alertupdate_alert FOREIGN KEY (network_id, alert_id) REFERENCES public.alerts_alert(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_alertupdate
    ADD CONSTRAINT alertupdate_person FOREIGN KEY (network_id, person_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_alertwords
    ADD CONSTRAINT alertwords_alert FOREIGN KEY (network_id, alert_id) REFERENCES public.alerts_alert(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_askedon
    ADD CONSTRAINT askedon_person FOREIGN KEY (network_id, person_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notices_attempt
    ADD CONSTRAINT attempt_delivery FOREIGN KEY (network_id, delivery_id) REFERENCES public.notices_delivery(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_block
    ADD CONSTRAINT block_blocked FOREIGN KEY (network_id, blocked_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_block
    ADD CONSTRAINT block_blocker FOREIGN KEY (network_id, blocker_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_buddy
    ADD CONSTRAINT buddy_asked FOREIGN KEY (network_id, asked_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_buddy
    ADD CONSTRAINT buddy_asker FOREIGN KEY (network_id, asker_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_buddyseat
    ADD CONSTRAINT buddyseat_buddy FOREIGN KEY (network_id, buddy_id) REFERENCES public.people_buddy(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_buddyseat
    ADD CONSTRAINT buddyseat_person FOREIGN KEY (network_id, person_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_circle
    ADD CONSTRAINT circle_part_of FOREIGN KEY (network_id, part_of_id) REFERENCES public.people_circle(network_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_codesent
    ADD CONSTRAINT codesent_person FOREIGN KEY (network_id, person_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.trust_countersignature
    ADD CONSTRAINT countersignature_of FOREIGN KEY (network_id, countersign_id) REFERENCES public.trust_countersign(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.trust_countersignature
    ADD CONSTRAINT countersignature_person FOREIGN KEY (network_id, person_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notices_delivery
    ADD CONSTRAINT delivery_notice FOREIGN KEY (network_id, notice_id) REFERENCES public.notices_notice(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notices_demophonemessage
    ADD CONSTRAINT demomessage_delivery FOREIGN KEY (network_id, delivery_id) REFERENCES public.notices_delivery(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notices_demophonemessage
    ADD CONSTRAINT demomessage_phone FOREIGN KEY (network_id, phone_id) REFERENCES public.notices_demophone(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.trust_disclosure
    ADD CONSTRAINT disclosure_owner FOREIGN KEY (network_id, owner_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.trust_disclosure
    ADD CONSTRAINT disclosure_reader FOREIGN KEY (network_id, reader_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_doorpause
    ADD CONSTRAINT doorpause_person FOREIGN KEY (network_id, person_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_hello
    ADD CONSTRAINT hello_person FOREIGN KEY (network_id, person_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_invitation
    ADD CONSTRAINT invitation_alert FOREIGN KEY (network_id, alert_id) REFERENCES public.alerts_alert(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_invitation
    ADD CONSTRAINT invitation_person FOREIGN KEY (network_id, person_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_invitation
    ADD CONSTRAINT invitation_wave FOREIGN KEY (network_id, wave_id) REFERENCES public.alerts_wave(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_invite
    ADD CONSTRAINT invite_circle FOREIGN KEY (network_id, circle_id) REFERENCES public.people_circle(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_invite
    ADD CONSTRAINT invite_inviter FOREIGN KEY (network_id, inviter_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_invite
    ADD CONSTRAINT invite_used_by FOREIGN KEY (network_id, used_by_id) REFERENCES public.people_person(network_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_joinrequest
    ADD CONSTRAINT joinrequest_decider FOREIGN KEY (network_id, decided_by_id) REFERENCES public.people_person(network_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_joinrequest
    ADD CONSTRAINT joinrequest_invite FOREIGN KEY (network_id, invite_id) REFERENCES public.people_invite(network_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_login
    ADD CONSTRAINT login_person FOREIGN KEY (network_id, person_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_mandate
    ADD CONSTRAINT mandate_circle FOREIGN KEY (network_id, circle_id) REFERENCES public.people_circle(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_mandate
    ADD CONSTRAINT mandate_giver FOREIGN KEY (network_id, given_by_id) REFERENCES public.people_person(network_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_mandate
    ADD CONSTRAINT mandate_person FOREIGN KEY (network_id, person_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_membership
    ADD CONSTRAINT membership_circle FOREIGN KEY (network_id, circle_id, kind) REFERENCES public.people_circle(network_id, id, kind) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_membership
    ADD CONSTRAINT membership_person FOREIGN KEY (network_id, person_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_membershipask
    ADD CONSTRAINT membershipask_answerer FOREIGN KEY (network_id, answered_by_id) REFERENCES public.people_person(network_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_membershipask
    ADD CONSTRAINT membershipask_asker FOREIGN KEY (network_id, asked_by_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_membershipask
    ADD CONSTRAINT membershipask_circle FOREIGN KEY (network_id, circle_id) REFERENCES public.people_circle(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_membershipask
    ADD CONSTRAINT membershipask_person FOREIGN KEY (network_id, person_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notices_notice
    ADD CONSTRAINT notice_text FOREIGN KEY (network_id, text_id) REFERENCES public.notices_text(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notices_notice
    ADD CONSTRAINT notice_topic FOREIGN KEY (network_id, topic_id) REFERENCES public.notices_topic(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notices_outcome
    ADD CONSTRAINT outcome_attempt FOREIGN KEY (network_id, attempt_id) REFERENCES public.notices_attempt(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_address
    ADD CONSTRAINT people_address_network_id_e9e03048_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_alertkey
    ADD CONSTRAINT people_alertkey_network_id_5aa93f54_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_askedon
    ADD CONSTRAINT people_askedon_network_id_484509d8_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_auditrow
    ADD CONSTRAINT people_auditrow_network_id_90d492fb_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_block
    ADD CONSTRAINT people_block_network_id_bc441e3f_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_buddy
    ADD CONSTRAINT people_buddy_network_id_cccef54a_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_buddyseat
    ADD CONSTRAINT people_buddyseat_buddy_id_bf9428a1_fk_people_buddy_id FOREIGN KEY (buddy_id) REFERENCES public.people_buddy(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_buddyseat
    ADD CONSTRAINT people_buddyseat_network_id_0a57a60f_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_circle
    ADD CONSTRAINT people_circle_network_id_9b9ddb84_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_codesent
    ADD CONSTRAINT people_codesent_network_id_22913910_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_hello
    ADD CONSTRAINT people_hello_network_id_2f0f678c_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_invite
    ADD CONSTRAINT people_invite_network_id_0328a720_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_joinrequest
    ADD CONSTRAINT people_joinrequest_network_id_bddff42b_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_localnumber
    ADD CONSTRAINT people_localnumber_network_id_2597f493_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_login
    ADD CONSTRAINT people_login_network_id_866b9804_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_mandate
    ADD CONSTRAINT people_mandate_network_id_2e481c03_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_membership
    ADD CONSTRAINT people_membership_network_id_d62d6e05_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_membershipask
    ADD CONSTRAINT people_membershipask_network_id_786835db_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_networkrule
    ADD CONSTRAINT people_networkrule_network_id_43f6037b_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_person
    ADD CONSTRAINT people_person_network_id_542fcbf8_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_place
    ADD CONSTRAINT people_place_network_id_c7e43928_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_reach
    ADD CONSTRAINT people_reach_network_id_057c0e84_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_resetapproval
    ADD CONSTRAINT people_resetapproval_network_id_df2e2daa_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_resetrequest
    ADD CONSTRAINT people_resetrequest_network_id_830a92a1_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_session
    ADD CONSTRAINT people_session_login_id_4892a869_fk_people_login_id FOREIGN KEY (login_id) REFERENCES public.people_login(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_trainedrole
    ADD CONSTRAINT people_trainedrole_network_id_e0ca4527_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_trainedroleconfirmation
    ADD CONSTRAINT people_trainedroleco_network_id_0daece3d_fk_people_ne FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_person
    ADD CONSTRAINT person_invited_by FOREIGN KEY (network_id, invited_by_id) REFERENCES public.people_person(network_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_place
    ADD CONSTRAINT place_person FOREIGN KEY (network_id, person_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);
ALTER TABLE ONLY public.people_reach
    ADD CONSTRAINT reach_person FOREIGN KEY (network_id, person_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_reach
    ADD CONSTRAINT reach_place FOREIGN KEY (network_id, place_id) REFERENCES public.people_place(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.trust_reading
    ADD CONSTRAINT reading_disclosure FOREIGN KEY (network_id, disclosure_id) REFERENCES public.trust_disclosure(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notices_receipt
    ADD CONSTRAINT receipt_delivery FOREIGN KEY (network_id, delivery_id) REFERENCES public.notices_delivery(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_resetapproval
    ADD CONSTRAINT resetapproval_keeper FOREIGN KEY (network_id, keeper_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_resetapproval
    ADD CONSTRAINT resetapproval_request FOREIGN KEY (network_id, request_id) REFERENCES public.people_resetrequest(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_resetrequest
    ADD CONSTRAINT resetrequest_person FOREIGN KEY (network_id, person_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_safeperson
    ADD CONSTRAINT safeperson_chosen FOREIGN KEY (network_id, chosen_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_safeperson
    ADD CONSTRAINT safeperson_person FOREIGN KEY (network_id, person_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.notices_text
    ADD CONSTRAINT text_topic FOREIGN KEY (network_id, topic_id) REFERENCES public.notices_topic(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_trainedroleconfirmation
    ADD CONSTRAINT trainedconfirm_by FOREIGN KEY (network_id, by_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_trainedroleconfirmation
    ADD CONSTRAINT trainedconfirm_role FOREIGN KEY (network_id, trained_role_id) REFERENCES public.people_trainedrole(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.people_trainedrole
    ADD CONSTRAINT trainedrole_person FOREIGN KEY (network_id, person_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.trust_countersign
    ADD CONSTRAINT trust_countersign_network_id_bc86f8c8_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.trust_countersignature
    ADD CONSTRAINT trust_countersignature_network_id_82eb8644_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.trust_disclosure
    ADD CONSTRAINT trust_disclosure_network_id_ed038174_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.trust_reading
    ADD CONSTRAINT trust_reading_network_id_09f0da04_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.trust_vouch
    ADD CONSTRAINT trust_vouch_network_id_96a47be3_fk_people_network_id FOREIGN KEY (network_id) REFERENCES public.people_network(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.trust_vouch
    ADD CONSTRAINT vouch_vouched FOREIGN KEY (network_id, vouched_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.trust_vouch
    ADD CONSTRAINT vouch_voucher FOREIGN KEY (network_id, voucher_id) REFERENCES public.people_person(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.alerts_wave
    ADD CONSTRAINT wave_alert FOREIGN KEY (network_id, alert_id) REFERENCES public.alerts_alert(network_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
INSERT INTO public.django_migrations VALUES (1, 'people', '0001_initial', '2026-11-21 05:51:49.068704+00');
INSERT INTO public.django_migrations VALUES (2, 'people', '0002_push', '2026-11-21 05:51:49.105753+00');
INSERT INTO public.django_migrations VALUES (3, 'people', '0003_choosing', '2026-11-21 05:51:49.501811+00');
INSERT INTO public.django_migrations VALUES (4, 'people', '0004_who_may_be_asked', '2026-11-21 05:51:49.540438+00');
INSERT INTO public.django_migrations VALUES (5, 'alerts', '0001_initial', '2026-11-21 05:51:51.645862+00');
INSERT INTO public.django_migrations VALUES (6, 'alerts', '0002_guards', '2026-11-21 05:51:51.648453+00');
INSERT INTO public.django_migrations VALUES (7, 'contenttypes', '0001_initial', '2026-11-21 05:51:51.655077+00');
INSERT INTO public.django_migrations VALUES (8, 'contenttypes', '0002_remove_content_type_name', '2026-11-21 05:51:51.678221+00');
INSERT INTO public.django_migrations VALUES (9, 'auth', '0001_initial', '2026-11-21 05:51:51.769343+00');
INSERT INTO public.django_migrations VALUES (10, 'auth', '0002_alter_permission_name_max_length', '2026-11-21 05:51:51.785666+00');
INSERT INTO public.django_migrations VALUES (11, 'auth', '0003_alter_user_email_max_length', '2026-11-21 05:51:51.788689+00');
INSERT INTO public.django_migrations VALUES (12, 'auth', '0004_alter_user_username_opts', '2026-11-21 05:51:51.794097+00');
INSERT INTO public.django_migrations VALUES (13, 'auth', '0005_alter_user_last_login_null', '2026-11-21 05:51:51.798438+00');
INSERT INTO public.django_migrations VALUES (14, 'auth', '0006_require_contenttypes_0002', '2026-11-21 05:51:51.804827+00');
INSERT INTO public.django_migrations VALUES (15, 'auth', '0007_alter_validators_add_error_messages', '2026-11-21 05:51:51.829748+00');
INSERT INTO public.django_migrations VALUES (16, 'auth', '0008_alter_user_username_max_length', '2026-11-21 05:51:51.874519+00');
INSERT INTO public.django_migrations VALUES (17, 'auth', '0009_alter_user_last_name_max_length', '2026-11-21 05:51:51.881013+00');
INSERT INTO public.django_migrations VALUES (18, 'auth', '0010_alter_group_name_max_length', '2026-11-21 05:51:51.884769+00');
INSERT INTO public.django_migrations VALUES (19, 'auth', '0011_update_proxy_permissions', '2026-11-21 05:51:51.913368+00');
INSERT INTO public.django_migrations VALUES (20, 'auth', '0012_alter_user_first_name_max_length', '2026-11-21 05:51:51.91706+00');
INSERT INTO public.django_migrations VALUES (21, 'kit', '0001_initial', '2026-11-21 05:51:51.921384+00');
INSERT INTO public.django_migrations VALUES (22, 'notices', '0001_initial', '2026-11-21 05:51:52.215335+00');
INSERT INTO public.django_migrations VALUES (23, 'notices', '0002_guards', '2026-11-21 05:51:52.218448+00');
INSERT INTO public.django_migrations VALUES (24, 'notices', '0003_more_channels', '2026-11-21 05:51:52.239576+00');
INSERT INTO public.django_migrations VALUES (25, 'notices', '0004_texts_and_calls', '2026-11-21 05:51:52.242508+00');
INSERT INTO public.django_migrations VALUES (26, 'notices', '0005_fewer_indexes', '2026-11-21 05:51:52.264329+00');
INSERT INTO public.django_migrations VALUES (27, 'notices', '0006_answers_only_by_address', '2026-11-21 05:51:52.311871+00');
INSERT INTO public.django_migrations VALUES (28, 'people', '0005_phones', '2026-11-21 05:51:52.454977+00');
INSERT INTO public.django_migrations VALUES (29, 'procrastinate', '0001_initial', '2026-11-21 05:51:52.464175+00');
INSERT INTO public.django_migrations VALUES (30, 'procrastinate', '0002_drop_started_at_column', '2026-11-21 05:51:52.469446+00');
INSERT INTO public.django_migrations VALUES (31, 'procrastinate', '0003_drop_started_at_column', '2026-11-21 05:51:52.470309+00');
INSERT INTO public.django_migrations VALUES (32, 'procrastinate', '0004_drop_procrastinate_version_table', '2026-11-21 05:51:52.47117+00');
INSERT INTO public.django_migrations VALUES (33, 'procrastinate', '0005_fix_procrastinate_fetch_job', '2026-11-21 05:51:52.475166+00');
INSERT INTO public.django_migrations VALUES (34, 'procrastinate', '0006_fix_trigger_status_events_insert', '2026-11-21 05:51:52.475913+00');
INSERT INTO public.django_migrations VALUES (35, 'procrastinate', '0007_add_queueing_lock_column', '2026-11-21 05:51:52.47698+00');
INSERT INTO public.django_migrations VALUES (36, 'procrastinate', '0008_close_fetch_job_race_condition', '2026-11-21 05:51:52.478305+00');
INSERT INTO public.django_migrations VALUES (37, 'procrastinate', '0009_add_defer_job_function', '2026-11-21 05:51:52.479174+00');
INSERT INTO public.django_migrations VALUES (38, 'procrastinate', '0010_add_procrastinate_periodic_defers', '2026-11-21 05:51:52.481263+00');
INSERT INTO public.django_migrations VALUES (39, 'procrastinate', '0011_add_foreign_key_index', '2026-11-21 05:51:52.482821+00');
INSERT INTO public.django_migrations VALUES (40, 'procrastinate', '0012_add_locks_to_periodic_defer', '2026-11-21 05:51:52.48421+00');
INSERT INTO public.django_migrations VALUES (41, 'procrastinate', '0013_fix_procrastinate_defer_periodic_job', '2026-11-21 05:51:52.485056+00');
INSERT INTO public.django_migrations VALUES (42, 'procrastinate', '0014_add_finish_job_and_retry_job_functions', '2026-11-21 05:51:52.485671+00');
INSERT INTO public.django_migrations VALUES (43, 'procrastinate', '0015_add_trigger_on_job_deletion', '2026-11-21 05:51:52.486256+00');
INSERT INTO public.django_migrations VALUES (44, 'procrastinate', '0016_delete_finished_jobs', '2026-11-21 05:51:52.486788+00');
INSERT INTO public.django_migrations VALUES (45, 'procrastinate', '0017_add_checks_to_finish_job', '2026-11-21 05:51:52.487462+00');
INSERT INTO public.django_migrations VALUES (46, 'procrastinate', '0018_add_checks_to_retry_job', '2026-11-21 05:51:52.488001+00');
INSERT INTO public.django_migrations VALUES (47, 'procrastinate', '0019_fix_finish_job_compat_issue', '2026-11-21 05:51:52.488581+00');
INSERT INTO public.django_migrations VALUES (48, 'procrastinate', '0020_add_index_on_procrastinate_jobs', '2026-11-21 05:51:52.489449+00');
INSERT INTO public.django_migrations VALUES (49, 'procrastinate', '0021_add_kwargs_to_defer_periodic_job', '2026-11-21 05:51:52.490935+00');
INSERT INTO public.django_migrations VALUES (50, 'procrastinate', '0022_null_locks_excluded', '2026-11-21 05:51:52.493068+00');
INSERT INTO public.django_migrations VALUES (51, 'procrastinate', '0023_remove_old_finish_job_function', '2026-11-21 05:51:52.493872+00');
INSERT INTO public.django_migrations VALUES (52, 'procrastinate', '0024_job_id_bigint', '2026-11-21 05:51:52.496252+00');
INSERT INTO public.django_migrations VALUES (53, 'procrastinate', '0025_add_models', '2026-11-21 05:51:52.522791+00');
INSERT INTO public.django_migrations VALUES (54, 'procrastinate', '0026_add_job_priority', '2026-11-21 05:51:52.535796+00');
INSERT INTO public.django_migrations VALUES (55, 'procrastinate', '0027_add_periodic_job_priority', '2026-11-21 05:51:52.53675+00');
INSERT INTO public.django_migrations VALUES (56, 'procrastinate', '0028_add_cancel_states', '2026-11-21 05:51:52.540544+00');
INSERT INTO public.django_migrations VALUES (57, 'procrastinate', '0029_add_additional_params_to_retry_job', '2026-11-21 05:51:52.541417+00');
INSERT INTO public.django_migrations VALUES (58, 'procrastinate', '0030_alter_procrastinateevent_options', '2026-11-21 05:51:52.542478+00');
INSERT INTO public.django_migrations VALUES (59, 'procrastinate', '0031_add_indexes_for_fetch_job', '2026-11-21 05:51:52.544492+00');
INSERT INTO public.django_migrations VALUES (60, 'procrastinate', '0032_pre_cancel_notification', '2026-11-21 05:51:52.54861+00');
INSERT INTO public.django_migrations VALUES (61, 'procrastinate', '0033_post_cancel_notification', '2026-11-21 05:51:52.564211+00');
INSERT INTO public.django_migrations VALUES (62, 'procrastinate', '0034_pre_add_heartbeat', '2026-11-21 05:51:52.569361+00');
INSERT INTO public.django_migrations VALUES (63, 'procrastinate', '0035_post_add_heartbeat', '2026-11-21 05:51:52.570356+00');
INSERT INTO public.django_migrations VALUES (64, 'procrastinate', '0036_add_worker_model', '2026-11-21 05:51:52.572487+00');
INSERT INTO public.django_migrations VALUES (65, 'procrastinate', '0037_pre_batch_defer_jobs', '2026-11-21 05:51:52.57539+00');
INSERT INTO public.django_migrations VALUES (66, 'procrastinate', '0038_post_batch_defer_jobs', '2026-11-21 05:51:52.575991+00');
INSERT INTO public.django_migrations VALUES (67, 'procrastinate', '0039_pre_priority_lock_fetch_job', '2026-11-21 05:51:52.576633+00');
INSERT INTO public.django_migrations VALUES (68, 'procrastinate', '0040_pre_retry_failed_job', '2026-11-21 05:51:52.577234+00');
INSERT INTO public.django_migrations VALUES (69, 'procrastinate', '0041_post_retry_failed_job', '2026-11-21 05:51:52.577913+00');
INSERT INTO public.django_migrations VALUES (70, 'trust', '0001_initial', '2026-11-21 05:51:52.613011+00');
INSERT INTO public.django_migrations VALUES (71, 'trust', '0002_disclosures', '2026-11-21 05:51:53.508346+00');
INSERT INTO public.django_migrations VALUES (72, 'trust', '0003_guards', '2026-11-21 05:51:53.510067+00');
SELECT pg_catalog.setval('public.django_migrations_id_seq', 72, true);
