package org.yifang.platform.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.transport.Transport;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/// The connections that there are, in all and of each address: counted from the moment that they
/// are taken, so that a TLS handshake which is never finished holds a share like any other.
final class Connections implements Transport {
    private static final AttributeKey<Boolean> COUNTED =
            AttributeKey.valueOf(Connections.class, "counted");

    private final Shares shares;
    private final Proxies proxies;

    private final HttpServerOptions options;
    private final Bounds bounds;
    private final io.vertx.core.spi.transport.Transport nio = new Counting();

    Connections(Bounds bounds, Proxies proxies, HttpServerOptions options) {
        this.options = options;
        this.bounds = bounds;
        this.shares = new Shares(bounds.connections(), bounds.connectionsPerAddress());
        this.proxies = proxies;
    }

    int taken() {
        return shares.taken();
    }

    /// Counts a connection unless that is done already; closes it when there are too many.
    ///
    /// @return whether it is kept
    boolean keep(Channel channel) {
        if (channel.attr(COUNTED).get() != null) {
            return true;
        }
        String address = address(channel);
        String holder = address == null || proxies.isTrusted(address) ? "proxy" : address;
        boolean proxied = holder.equals("proxy");
        switch (proxied ? shares.takeFreely(holder) : shares.take(holder)) {
            case TAKEN -> {
                channel.attr(COUNTED).set(true);
                channel.closeFuture().addListener(closed -> shares.giveBack(holder));
                return true;
            }
            case ALL_TAKEN -> Bound.CONNECTIONS.reached();
            case SHARE_TAKEN -> Bound.CONNECTIONS_PER_ADDRESS.reached();
        }
        return false;
    }

    private static @Nullable String address(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress socket
                ? host(socket.getAddress())
                : null;
    }

    private static @Nullable String host(@Nullable InetAddress address) {
        return address == null ? null : address.getHostAddress();
    }

    @Override
    public String name() {
        return "nio";
    }

    @Override
    public boolean available() {
        return nio.isAvailable();
    }

    @Override
    public Throwable unavailabilityCause() {
        return nio.unavailabilityCause();
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return nio;
    }

    /// The usual transport, which counts what its servers take.
    private final class Counting extends NioTransport {
        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            return domainSocket ? super.serverChannelFactory(true) : Server::new;
        }
    }

    private final class Server extends NioServerSocketChannel {
        @Override
        protected int doReadMessages(List<Object> taken) throws Exception {
            int before = taken.size();
            int read = super.doReadMessages(taken);
            if (taken.size() > before && !keep((Channel) taken.getLast())) {
                // It belongs to no event loop yet, so only its socket is there to be closed.
                ((Channel) taken.removeLast()).unsafe().closeForcibly();
            } else if (taken.size() > before) {
                ((Channel) taken.getLast()).pipeline().addFirst(new Preface(options, bounds));
            }
            return read;
        }
    }
}
