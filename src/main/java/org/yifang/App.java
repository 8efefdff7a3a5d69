package org.yifang;

/// Reads the configuration, builds every part with `new` and starts them.
public final class App {
    public static void main(String[] args) {
        System.out.println("Yifang");
    }

    private App() {}
}
