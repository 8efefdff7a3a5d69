package org.yifang.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// A process that is killed leaves no folder behind: it never made one.
class VertxSetupTest {
    @TempDir Path folder;

    private boolean makesFolder(VertxOptions options) {
        options.getFileSystemOptions().setFileCacheDir(folder.resolve("cache").toString());
        Vertx vertx = Vertx.vertx(options);
        try (Stream<Path> made = Files.list(folder)) {
            return made.findAny().isPresent();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            vertx.close().await();
        }
    }

    @Test
    void ours_makes_no_folder_and_the_usual_one_does() {
        assertThat(makesFolder(VertxSetup.options())).isFalse();
        assertThat(makesFolder(new VertxOptions())).isTrue();
    }

    @Test
    void no_part_of_the_product_begins_otherwise() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/org/yifang"))) {
            assertThat(files.filter(Files::isRegularFile).filter(VertxSetupTest::isOtherwise))
                    .extracting(file -> file.getFileName().toString())
                    .containsExactly("VertxSetup.java");
        }
    }

    private static boolean isOtherwise(Path file) {
        try {
            String text = Files.readString(file);
            return text.contains("Vertx.vertx()") || text.contains("new VertxOptions()");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
