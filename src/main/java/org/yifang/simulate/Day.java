package org.yifang.simulate;

import org.jspecify.annotations.Nullable;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// Lets every visit of a day begin at its time, and shows how far the day has come.
final class Day {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
    private static final Duration BETWEEN_REDRAWS = Duration.ofMillis(500);

    private final Scene scene;
    private final List<Visit> visits;
    private final Semaphore rooms;

    /// @param visits in order of arrival
    /// @param clients how many stories are told at once when there are no gaps between people
    Day(Scene scene, List<Visit> visits, int clients) {
        this.scene = scene;
        this.visits = visits;
        this.rooms = new Semaphore(scene.speed() == 0 ? clients : Integer.MAX_VALUE);
    }

    /// Plays all of them; returns when the last has its end.
    void play(PrintWriter out) {
        Thread progress = Thread.ofVirtual().start(() -> showProgress(out));
        try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> stories = new ArrayList<>();
            long began = System.nanoTime();
            int first = visits.isEmpty() ? 0 : visits.getFirst().arrivalSecond();
            for (Visit visit : visits) {
                waitFor(began, visit.arrivalSecond() - first);
                rooms.acquireUninterruptibly();
                stories.add(people.submit(() -> tell(visit)));
            }
            stories.forEach(Day::join);
        } finally {
            progress.interrupt();
        }
        out.println();
    }

    private void tell(Visit visit) {
        try {
            new Story(scene, visit).play();
        } finally {
            rooms.release();
        }
    }

    private void waitFor(long began, int secondsOfTheDay) {
        if (scene.speed() > 0) {
            long due = began + (long) (secondsOfTheDay / scene.speed() * 1e9);
            long nanos = due - System.nanoTime();
            if (nanos > 0) {
                Remote.sleep(Duration.ofNanos(nanos));
            }
        }
    }

    private static void join(Future<?> story) {
        try {
            story.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The day was interrupted.", interrupted);
        } catch (ExecutionException fault) {
            throw new IllegalStateException("The simulation itself is at fault.", fault.getCause());
        }
    }

    private void showProgress(PrintWriter out) {
        @SuppressWarnings("SystemConsoleNull") // In JDK 25 it is null again where nobody sits.
        @Nullable Console console = System.console();
        boolean person = console != null && console.isTerminal();
        try {
            while (true) {
                Thread.sleep(person ? BETWEEN_REDRAWS : BETWEEN_LINES);
                String line = scene.tally().progress(visits.size());
                out.print(person ? "\r" + line + "  " : line + "\n");
                out.flush();
            }
        } catch (InterruptedException dayIsOver) {
            Thread.currentThread().interrupt();
        }
    }
}
