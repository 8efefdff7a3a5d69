package org.yifang.simulate;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

/// Runs a command as a terminal would.
///
/// @param exitCode what the shell sees
/// @param output everything it printed
record Commands(int exitCode, String output) {
    static Commands simulate(String... arguments) {
        return run(new Simulate(), arguments);
    }

    static Commands bench(String... arguments) {
        return run(new Bench(), arguments);
    }

    private static Commands run(Object command, String... arguments) {
        StringWriter printed = new StringWriter();
        PrintWriter out = new PrintWriter(printed);
        int exitCode = new CommandLine(command).setOut(out).setErr(out).execute(arguments);
        out.flush();
        return new Commands(exitCode, printed.toString());
    }
}
