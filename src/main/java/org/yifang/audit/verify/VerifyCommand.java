package org.yifang.audit.verify;

import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.log.Checkpoint;
import org.yifang.audit.log.LogSource;
import org.yifang.audit.log.NoteKey;
import org.yifang.audit.log.SignedNote;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// `verify`: checks a published audit log, online or from an export, without trusting its server.
@Command(
        name = "verify",
        description = {
            "Checks an audit log against checkpoints kept earlier, without trusting its server.",
            "Exit code 0: all is well; 1: something is wrong; 2: the log could not be read."
        },
        mixinStandardHelpOptions = true)
public final class VerifyCommand implements Callable<Integer> {
    private static final int GOOD = 0;
    private static final int WRONG = 1;
    private static final int UNREADABLE = 2;
    private static final long PROGRESS_EVERY_NS = 1_000_000_000L;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Parameters(
            paramLabel = "LOG",
            description =
                    "Address of the log, https://host/audit, or a folder that holds an"
                            + " export.")
    private String location = "";

    @Option(
            names = "--vkey",
            required = true,
            description = "Verifier key of the log, noted once from /audit/vkey; may be repeated.")
    private List<String> vkeys = new ArrayList<>();

    @Option(
            names = "--checkpoint",
            description =
                    "A file with a checkpoint kept earlier, or with the NDJSON of"
                            + " /audit/checkpoints; may be repeated.")
    private List<Path> checkpoints = new ArrayList<>();

    @Option(
            names = "--history",
            description =
                    "Checks every checkpoint that the log has published and still shows, as if"
                            + " you had kept them.")
    private boolean history;

    @Option(names = "--witness", description = "Key of a witness that must have cosigned.")
    private List<String> witnesses = new ArrayList<>();

    @Option(names = "--from", description = "First entry to check (default: ${DEFAULT-VALUE}).")
    private long from = 0;

    @Option(names = "--to", description = "Entry after the last one to check (default: the end).")
    private long to = Long.MAX_VALUE;

    @Option(names = "--save", description = "Folder to keep what was read in, for later checks.")
    private @Nullable Path save;

    private long told;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            LogSource source = LogSource.at(location);
            LogSource read = save == null ? source : LogSource.saving(source, save);
            List<SignedNote> kept = kept();
            if (history) {
                kept.addAll(published(read));
            }
            LogVerifier verifier =
                    new LogVerifier(
                            read,
                            vkeys.stream().map(NoteKey::parse).toList(),
                            witnesses.stream().map(NoteKey::parse).toList(),
                            (done, of) -> progress(err, done, of));
            LogVerifier.Result result = verifier.verify(kept, from, to);
            return report(out, result, !kept.isEmpty());
        } catch (IOException | UncheckedIOException | IllegalArgumentException failure) {
            err.println("The log could not be checked: " + failure.getMessage());
            err.flush();
            return UNREADABLE;
        }
    }

    private List<SignedNote> kept() throws IOException {
        List<SignedNote> notes = new ArrayList<>();
        for (Path file : checkpoints) {
            String content = Files.readString(file);
            if (content.startsWith("{")) {
                content.lines()
                        .map(line -> new JsonObject(line).getString("note"))
                        .map(SignedNote::parse)
                        .forEach(notes::add);
            } else {
                notes.add(SignedNote.parse(content));
            }
        }
        return notes;
    }

    /// The checkpoints that the log shows of its past, page by page.
    private static List<SignedNote> published(LogSource source) throws IOException {
        List<SignedNote> notes = new ArrayList<>();
        long after = -1;
        while (true) {
            byte[] page = source.read("checkpoints?after=" + after);
            if (page == null || page.length == 0) {
                return notes;
            }
            long before = after;
            for (String line : new String(page, StandardCharsets.UTF_8).lines().toList()) {
                JsonObject one = new JsonObject(line);
                notes.add(SignedNote.parse(one.getString("note")));
                after = Math.max(after, Long.parseLong(String.valueOf(one.getValue("size"))));
            }
            if (after == before) {
                return notes;
            }
        }
    }

    private void progress(PrintWriter err, long done, long of) {
        long now = System.nanoTime();
        if (done == of || now - told > PROGRESS_EVERY_NS) {
            told = now;
            err.printf("%,d of %,d entries checked (%.1f %%)%n", done, of, 100.0 * done / of);
            err.flush();
        }
    }

    private int report(PrintWriter out, LogVerifier.Result result, boolean isCompared) {
        Checkpoint head = result.head();
        if (head != null) {
            out.printf(
                    "log %s, %,d entries, root %s%n",
                    head.origin(), head.size(), head.root().base64());
        }
        for (LogFinding finding : result.findings()) {
            out.println("WRONG " + finding.kind() + ": " + finding.text());
        }
        if (result.isGood()) {
            out.println(
                    !isCompared
                            ? "All is well in itself. Keep this checkpoint: only one kept earlier"
                                    + " shows whether something was changed since."
                            : "All is well: nothing was removed or altered since the checkpoints"
                                    + " kept earlier.");
        } else {
            int count = result.findings().size();
            out.println(count == 1 ? "1 finding." : count + " findings.");
        }
        out.flush();
        return result.isGood() ? GOOD : WRONG;
    }
}
