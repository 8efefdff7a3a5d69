package org.yifang.platform.data;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The programs of the PostgreSQL that comes along: unpacked once into a folder of the service.
final class PostgresBinaries {
    private final Path folder;

    private PostgresBinaries(Path folder) {
        this.folder = folder;
    }

    /// Unpacks them under `folder`, unless the same ones are there. Others cannot write to them:
    /// whoever can replace a program of the database is the database.
    static PostgresBinaries unpack(Path folder) throws IOException {
        String archive = archive();
        ClassLoader loader = PostgresBinaries.class.getClassLoader();
        try (InputStream in = loader.getResourceAsStream(archive)) {
            if (in == null) {
                throw new IOException(
                        "there is no PostgreSQL for this machine in the program (`"
                                + archive
                                + "`): set up one of your own and name it by YIFANG_DATABASE_URL");
            }
            // The size tells one archive from the next one of another version.
            Path whole =
                    folder.resolve(
                            "PG-"
                                    + loader.getResource(archive)
                                            .openConnection()
                                            .getContentLengthLong());
            if (!Files.isDirectory(whole)) {
                delete(folder);
                Files.createDirectories(folder);
                Path part = Files.createTempDirectory(folder, "unpacking-");
                untar(in, part);
                Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
            }
            if (isPosix()) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
                Files.setPosixFilePermissions(whole, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            return new PostgresBinaries(whole);
        }
    }

    private static String archive() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (system.startsWith("windows")) {
            return "postgres-windows-x86_64.txz";
        }
        if (system.startsWith("mac")) {
            return "postgres-darwin-x86_64.txz";
        }
        String machine =
                System.getProperty("os.arch").equals("aarch64") ? "linux-arm_64" : "linux-x86_64";
        boolean musl = Files.exists(Path.of("/etc/alpine-release"));
        return "postgres-" + machine + (musl ? "-alpine_linux" : "") + ".txz";
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    private static void untar(InputStream archive, Path into) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(
                        new XZCompressorInputStream(new BufferedInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                Path target = into.resolve(entry.getName()).normalize();
                if (!target.startsWith(into)) {
                    throw new IOException("the archive names a file outside: " + entry.getName());
                }
                write(tar, entry, target);
            }
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
            throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, target);
        if (isPosix()) {
            boolean program = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(
                    target, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    /// A command line of one of the programs. PostgreSQL refuses to run as root; in a name space of
    /// its own it does not see that it is.
    List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (System.getProperty("os.name").equals("Linux")
                && "root".equals(System.getProperty("user.name"))) {
            command.add("unshare");
            command.add("-U");
        }
        command.add(folder.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }
}
