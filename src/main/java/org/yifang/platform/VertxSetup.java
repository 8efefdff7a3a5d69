package org.yifang.platform;

import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

/// How every Vert.x of ours begins, the service's and those of commands.
public final class VertxSetup {
    /// Nothing is served from files: no folder of copies, which would be left behind by a process
    /// that is killed.
    public static VertxOptions options() {
        return new VertxOptions()
                .setFileSystemOptions(
                        new FileSystemOptions()
                                .setClassPathResolvingEnabled(false)
                                .setFileCachingEnabled(false));
    }

    private VertxSetup() {}
}
