package io.flexmetry.sink.twilio;

import com.twilio.exception.ApiConnectionException;
import com.twilio.exception.ApiException;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.TwilioAccount;
import io.flexmetry.contract.settings.TwilioSettings;
import io.flexmetry.contract.settings.Variable;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that the workspace and the workflow of the settings exist, with one read each. In a workspace that does not
 * exist every task is 404, and each command would be settled as {@code gone}. So a 404 of a task counts only after the
 * workspace was found.
 *
 * <p>The server at {@link Variable#FLEXMETRY_TWILIO_BASE_URL} may implement tasks but no workspaces. Its response stops
 * the start only if it is Twilio's error for this very workspace, and the workspace's tasks are not found either.
 */
public final class WorkspaceCheck {

    private static final Logger LOG = LoggerFactory.getLogger(WorkspaceCheck.class);
    private static final String TASKROUTER = "taskrouter";
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CODE_NOT_FOUND = 20404;
    private static final String NO_TASK = "WT00000000000000000000000000000000";

    private final TwilioSettings settings;
    private final TwilioAccount account;
    private final @Nullable String lateWorkflow;
    private final Reads reads;

    /** Whether another server is used in place of Twilio. */
    private final boolean standIn;

    private final ReentrantLock checking = new ReentrantLock();
    private volatile boolean verified;

    /** The result of a check. */
    private sealed interface Verdict {

        record Good() implements Verdict {}

        /** The message contains the setting, its value and Twilio's answer. */
        record Wrong(String message, boolean revoked) implements Verdict {}

        record Unknown(String reason) implements Verdict {}
    }

    /**
     * Creates a check.
     *
     * @param lateWorkflow WW… that must be in the workspace; absent if none is used
     * @param http for checks while the sink is running
     */
    public WorkspaceCheck(TwilioSettings settings, @Nullable String lateWorkflow, TwilioHttpClient http) {
        this(settings, lateWorkflow, http, settings.account().baseUrl() != null);
    }

    WorkspaceCheck(TwilioSettings settings, @Nullable String lateWorkflow, TwilioHttpClient http, boolean standIn) {
        this.settings = settings;
        this.account = settings.account();
        this.lateWorkflow = lateWorkflow;
        this.reads = new Reads(http);
        this.standIn = standIn;
    }

    /**
     * Checks before anything is started. If Twilio does not answer, the check is repeated with the first commands.
     *
     * @param http has a timeout that suits the start
     * @throws SettingsException if something does not exist, or the credentials may not read it
     */
    public void atStart(TwilioHttpClient http) {
        conclude(check(new Reads(http)), true);
    }

    /** The same attempts, but a 404 is final only after the workspace was found. */
    public <R> Supplier<R> guard(Supplier<R> attempt) {
        return () -> {
            if (!verified && checking.tryLock()) {
                try {
                    again();
                } finally {
                    checking.unlock();
                }
            }
            try {
                return attempt.get();
            } catch (ApiException e) {
                if (!verified && Objects.equals(e.getStatusCode(), NOT_FOUND)) {
                    requireVerified();
                }
                throw e;
            }
        };
    }

    /** Reads the workspace, to check whether our credentials are accepted. */
    public Probe.Answer probe() {
        return reads.read(TASKROUTER, workspace()).asProbe();
    }

    private void requireVerified() {
        checking.lock();
        try {
            if (verified) {
                return;
            }
            Verdict verdict = again();
            if (verified) {
                return;
            }
            if (standIn) {
                // it has tasks but no workspaces; there is nothing more to check
                verified = true;
                return;
            }
            throw new ApiConnectionException("Expected to find that " + Variable.TWILIO_WORKSPACE_SID + " "
                    + settings.workspaceSid() + " exists before a task counts as gone, but " + reason(verdict));
        } finally {
            checking.unlock();
        }
    }

    private Verdict again() {
        return verified ? new Verdict.Good() : conclude(check(reads), false);
    }

    private static String reason(Verdict verdict) {
        if (verdict instanceof Verdict.Wrong wrong) {
            return wrong.message();
        }
        return verdict instanceof Verdict.Unknown unknown ? unknown.reason() : "it is known";
    }

    private Verdict conclude(Verdict verdict, boolean starting) {
        if (verdict instanceof Verdict.Wrong wrong && (starting || !wrong.revoked())) {
            throw new SettingsException(wrong.message());
        }
        verified = verdict instanceof Verdict.Good;
        if (verdict instanceof Verdict.Unknown unknown && starting) {
            LOG.atWarn()
                    .addKeyValue("error", unknown.reason())
                    .log("Could not check the workspace; it will be checked again with the first command");
        }
        return verdict;
    }

    private Verdict check(Reads with) {
        Reads.Reply workspace = with.read(TASKROUTER, workspace());
        Verdict verdict = workspaceVerdict(with, workspace);
        String workflowSid = lateWorkflow;
        if (!(verdict instanceof Verdict.Good) || workflowSid == null) {
            return verdict;
        }
        boolean knowsWorkspaces = workspace.isSuccess() && workspace.sid().equals(settings.workspaceSid());
        return workflowVerdict(
                with.read(TASKROUTER, workspace() + "/Workflows/" + workflowSid), workflowSid, knowsWorkspaces);
    }

    private Verdict workspaceVerdict(Reads with, Reads.Reply reply) {
        if (reply.isSuccess()) {
            return new Verdict.Good();
        }
        if (reply.status() == UNAUTHORIZED && isTwilios(reply)) {
            return new Verdict.Wrong("Expected Twilio to accept " + credentials() + " but " + reply, true);
        }
        if (reply.status() == FORBIDDEN && isTwilios(reply)) {
            return new Verdict.Wrong(
                    "Expected " + credentials() + " to be allowed to read " + Variable.TWILIO_WORKSPACE_SID + " "
                            + settings.workspaceSid() + " but " + reply,
                    false);
        }
        if (reply.status() == NOT_FOUND && isMissing(reply, settings.workspaceSid()) && hasNoTasks(with)) {
            return new Verdict.Wrong(
                    "Expected " + Variable.TWILIO_WORKSPACE_SID + " to be a workspace of account "
                            + account.accountSid() + " but it is " + settings.workspaceSid() + " and " + reply,
                    false);
        }
        return unclear(reply);
    }

    private Verdict workflowVerdict(Reads.Reply reply, String workflowSid, boolean knowsWorkspaces) {
        if (reply.isSuccess()) {
            return new Verdict.Good();
        }
        boolean wrong = reply.status() == NOT_FOUND || reply.status() == FORBIDDEN;
        if (wrong && isMissing(reply, workflowSid) && (knowsWorkspaces || !standIn)) {
            return new Verdict.Wrong(
                    "Expected writeBack.lateWorkflow to be a workflow of workspace " + settings.workspaceSid()
                            + " that " + credentials() + " may read but it is " + workflowSid + " and " + reply,
                    false);
        }
        return unclear(reply);
    }

    private Verdict unclear(Reads.Reply reply) {
        if (reply.isAway() || !standIn) {
            return new Verdict.Unknown(reply.toString());
        }
        LOG.atWarn()
                .addKeyValue("error", reply.toString())
                .log("Could not check the workspace: the server in Twilio's place does not have it");
        return new Verdict.Good();
    }

    private boolean isTwilios(Reads.Reply reply) {
        return !standIn || reply.code() != 0;
    }

    private boolean isMissing(Reads.Reply reply, String sid) {
        return !standIn || (reply.code() == CODE_NOT_FOUND && reply.message().contains(sid));
    }

    /**
     * Whether the workspace has no tasks. A server in Twilio's place that has the workspace lists its tasks, or at
     * least answers for one of them.
     */
    private boolean hasNoTasks(Reads with) {
        return !standIn
                || (with.read(TASKROUTER, workspace() + "/Tasks?PageSize=1").status() == NOT_FOUND
                        && with.read(TASKROUTER, workspace() + "/Tasks/" + NO_TASK)
                                        .status()
                                == NOT_FOUND);
    }

    private String workspace() {
        return "/v1/Workspaces/" + settings.workspaceSid();
    }

    private String credentials() {
        return account.username().equals(account.accountSid())
                ? Variable.TWILIO_ACCOUNT_SID + " " + account.accountSid() + " with " + Variable.TWILIO_AUTH_TOKEN
                : Variable.TWILIO_API_KEY + " " + account.username() + " with " + Variable.TWILIO_API_SECRET;
    }
}
