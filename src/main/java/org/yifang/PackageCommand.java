package org.yifang;

import org.yifang.fhir.Conformance;
import org.yifang.fhir.GuidePackage;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/// `fhir-package`: writes our definitions as a package that validators load.
@Command(
        name = "fhir-package",
        description = "Write profiles, extensions and terminology as an npm-style package of FHIR.",
        mixinStandardHelpOptions = true)
final class PackageCommand implements Callable<Integer> {
    @Option(names = "--output", description = "The file to write (default ${DEFAULT-VALUE}).")
    private Path output = Path.of("package.tgz");

    @Override
    public Integer call() throws IOException {
        Files.write(output, GuidePackage.bytes(Conformance.load(), App.VERSION));
        return 0;
    }
}
