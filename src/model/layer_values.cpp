#include "model/layer_values.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fallline/random.hpp>

#include "model/blas.hpp"

namespace fallline {
namespace {

using Kind = Layer::Kind;

/// Calls `f` with an activation that the compiler knows.
template <class F>
void with_activation(Activation activation, F f) {
  switch (activation) {
    case Activation::relu:
      return f([] { return Activation::relu; });
    case Activation::leaky_relu:
      return f([] { return Activation::leaky_relu; });
    case Activation::tanh:
      return f([] { return Activation::tanh; });
    case Activation::sigmoid:
      return f([] { return Activation::sigmoid; });
    case Activation::gelu:
      return f([] { return Activation::gelu; });
  }
}

template <class T>
void activate_all(Activation activation, const T* x, std::size_t n, T* y) {
  with_activation(activation, [&](auto known) {
    for (std::size_t i = 0; i < n; ++i) y[i] = activate(known(), x[i]);
  });
}

/// to = g φ′(x), or added to it.
template <class T>
void send_through(Activation activation, const T* x, const T* y, const T* g, std::size_t n,
                  bool add, T* to) {
  with_activation(activation, [&](auto known) {
    if (add)
      for (std::size_t i = 0; i < n; ++i) to[i] += g[i] * derivative(known(), x[i], y[i]);
    else
      for (std::size_t i = 0; i < n; ++i) to[i] = g[i] * derivative(known(), x[i], y[i]);
  });
}

template <class T>
void put(const T* from, std::size_t n, bool add, T* to) {
  if (add)
    for (std::size_t i = 0; i < n; ++i) to[i] += from[i];
  else
    std::copy_n(from, n, to);
}

/// Sides of the tiles of a weight gradient.
constexpr std::size_t tile_rows = 128;
constexpr std::size_t tile_columns = 256;

}  // namespace

template <class T>
LayerValues<T>::LayerValues(const Network& network, std::size_t examples, bool given)
    : network_(network),
      given_(given),
      values_(network.layers().size()),
      gradients_(network.layers().size()),
      masks_(network.layers().size()),
      last_reader_(network.layers().size()),
      sums_(network.layers().size()),
      active_(network.layers().size()) {
  blas::use_one_thread();
  const std::vector<Layer>& layers = network_.layers();
  for (std::size_t l = 0; l < layers.size(); ++l) {
    for (const std::size_t r : layers[l].reads) last_reader_[r] = l;
    if (l == 0 && given_) continue;
    values_[l].resize(examples * layers[l].width);
    if (l > 0) gradients_[l].resize(examples * layers[l].width);
    if (layers[l].kind == Kind::dense) sums_[l].resize(layers[l].width);
    if (layers[l].kind == Kind::activation) active_[l].resize(layers[l].width);
    if (layers[l].kind == Kind::dropout) masks_[l].resize(examples * layers[l].width);
  }
  make_tiles();
}

template <class T>
std::size_t LayerValues<T>::bytes(const Network& network, std::size_t examples) {
  std::size_t units = 0;
  for (std::size_t l = 1; l < network.layers().size(); ++l) {
    const Layer& layer = network.layers()[l];
    units += layer.width * (layer.kind == Kind::dropout ? 3 : 2);
  }
  return units * examples * sizeof(T);
}

template <class T>
bool LayerValues<T>::is_given(std::size_t l) const {
  return given_ && network_.reads_input(l);
}

template <class T>
void LayerValues<T>::make_tiles() {
  for (std::size_t l = 0; l < network_.layers().size(); ++l) {
    const Layer& layer = network_.layers()[l];
    if (layer.kind != Kind::dense || is_given(l)) continue;
    const std::size_t in = width(layer.reads[0]);
    for (std::size_t r = 0; r < layer.width; r += tile_rows)
      for (std::size_t c = 0; c < in; c += tile_columns)
        tiles_.push_back({.layer = l,
                          .row = r,
                          .rows = std::min(tile_rows, layer.width - r),
                          .column = c,
                          .columns = std::min(tile_columns, in - c)});
    tiles_.push_back({.layer = l});
  }
}

template <class T>
void LayerValues<T>::forward(std::size_t first, std::size_t count, const DropoutDraw& draw) {
  for (std::size_t l = 1; l < network_.layers().size(); ++l)
    if (!is_given(l)) forward(l, first, count, draw);
}

template <class T>
void LayerValues<T>::backward(std::size_t first, std::size_t count) {
  for (std::size_t l = network_.layers().size(); l-- > 1;)
    if (!is_given(l)) backward(l, first, count);
}

/// y = W x + b, φ(x), a dropout, or a sum.
template <class T>
void LayerValues<T>::forward(std::size_t l, std::size_t first, std::size_t count,
                             const DropoutDraw& draw) {
  const Layer& layer = network_.layers()[l];
  const std::size_t from = layer.reads[0];
  const T* x = value(from, first);
  T* y = value(l, first);
  switch (layer.kind) {
    case Kind::input:
      return;
    case Kind::dense: {
      const T* bias = parameters_.data() + network_.bias_of(l);
      for (std::size_t i = 0; i < count; ++i) std::copy_n(bias, layer.width, y + i * layer.width);
      blas::multiply({.m = count, .n = layer.width, .k = width(from)}, {x, width(from)},
                     blas::Side::plain, {parameters_.data() + network_.weights_of(l), width(from)},
                     blas::Side::transposed, true, {y, layer.width});
      return;
    }
    case Kind::activation:
      return activate_all(layer.activation, x, count * layer.width, y);
    case Kind::dropout:
      return drop(l, first, count, draw);
    case Kind::add:
      std::copy_n(x, count * layer.width, y);
      for (std::size_t r = 1; r < layer.reads.size(); ++r)
        put(value(layer.reads[r], first), count * layer.width, true, y);
  }
}

template <class T>
void LayerValues<T>::drop(std::size_t l, std::size_t first, std::size_t count,
                          const DropoutDraw& draw) {
  const Layer& layer = network_.layers()[l];
  T* mask = masks_[l].data() + first * layer.width;
  const std::size_t n = count * layer.width;
  if (draw.step == 0 || layer.rate == 0) {
    std::fill_n(mask, n, T(1));
  } else {
    // A block of random bits serves four units.
    constexpr std::size_t units = 4;
    const Random random(draw.seed, Purpose::dropout, static_cast<std::uint32_t>(draw.step));
    const auto bound = static_cast<std::uint64_t>(std::lround(layer.rate * 65536));
    const T kept = static_cast<T>(1 / (1 - layer.rate));
    const std::size_t blocks = (layer.width + units - 1) / units;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t at =
          (std::uint64_t{l} << 48U) + (draw.position + first + i) * std::uint64_t{blocks};
      for (std::size_t u = 0; u < layer.width; u += units) {
        std::uint64_t bits = random.bits(at + u / units);
        for (std::size_t k = u; k < std::min(layer.width, u + units); ++k, bits >>= 16U)
          mask[i * layer.width + k] = (bits & 0xFFFFU) < bound ? T(0) : kept;
      }
    }
  }
  const T* x = value(layer.reads[0], first);
  T* y = value(l, first);
  for (std::size_t i = 0; i < n; ++i) y[i] = x[i] * mask[i];
}

template <class T>
void LayerValues<T>::backward(std::size_t l, std::size_t first, std::size_t count) {
  const std::vector<std::size_t>& reads = network_.layers()[l].reads;
  for (std::size_t k = 0; k < reads.size(); ++k) {
    // What a sum reads twice gets its gradient twice.
    if (reads[k] != 0) send_back(l, k, first, count);
  }
}

/// ∂L/∂x = Wᵀ ∂L/∂y, φ′(x) ∂L/∂y, the same units' share, or ∂L/∂y itself.
template <class T>
void LayerValues<T>::send_back(std::size_t l, std::size_t k, std::size_t first, std::size_t count) {
  const Layer& layer = network_.layers()[l];
  const std::size_t from = layer.reads[k];
  const bool again = std::find(layer.reads.begin(), layer.reads.begin() + std::ptrdiff_t(k),
                               from) != layer.reads.begin() + std::ptrdiff_t(k);
  const bool add = again || last_reader_[from] != l;
  const T* g = gradient(l, first);
  T* to = gradient(from, first);
  const std::size_t n = count * layer.width;
  switch (layer.kind) {
    case Kind::input:
      return;
    case Kind::dense:
      return blas::multiply({.m = count, .n = width(from), .k = layer.width}, {g, layer.width},
                            blas::Side::plain,
                            {parameters_.data() + network_.weights_of(l), width(from)},
                            blas::Side::plain, add, {to, width(from)});
    case Kind::activation:
      return send_through(layer.activation, value(from, first), value(l, first), g, n, add, to);
    case Kind::dropout: {
      const T* mask = masks_[l].data() + first * layer.width;
      for (std::size_t i = 0; i < n; ++i) to[i] = (add ? to[i] : T(0)) + g[i] * mask[i];
      return;
    }
    case Kind::add:
      return put(g, n, add, to);
  }
}

/// ∂L/∂W = (∂L/∂Y)ᵀ X and ∂L/∂b = Σ_i ∂L/∂y_i.
template <class T>
void LayerValues<T>::parameter_gradient(const Tile& tile, std::size_t count, bool add,
                                        std::span<T> g) {
  const Layer& layer = network_.layers()[tile.layer];
  const std::size_t from = layer.reads[0];
  if (tile.rows != 0) {
    blas::multiply(
        {.m = tile.rows, .n = tile.columns, .k = count},
        {gradient(tile.layer, 0) + tile.row, layer.width}, blas::Side::transposed,
        {value(from, 0) + tile.column, width(from)}, blas::Side::plain, add,
        {g.data() + network_.weights_of(tile.layer) + tile.row * width(from) + tile.column,
         width(from)});
    return;
  }
  std::vector<double>& sums = sums_[tile.layer];
  std::ranges::fill(sums, 0.0);
  for (std::size_t i = 0; i < count; ++i) {
    const T* row = gradient(tile.layer, i);
    for (std::size_t u = 0; u < layer.width; ++u) sums[u] += static_cast<double>(row[u]);
  }
  const std::span<T> bias = g.subspan(network_.bias_of(tile.layer), layer.width);
  for (std::size_t u = 0; u < layer.width; ++u)
    bias[u] = static_cast<T>(sums[u]) + (add ? bias[u] : T(0));
}

template <class T>
std::size_t LayerValues<T>::dead_units(std::size_t l, std::size_t count) {
  std::vector<unsigned char>& active = active_[l];
  std::ranges::fill(active, 0);
  for (std::size_t i = 0; i < count; ++i) {
    const T* row = value(l, i);
    for (std::size_t u = 0; u < active.size(); ++u)
      active[u] = static_cast<unsigned char>(active[u] | (row[u] != 0 ? 1U : 0U));
  }
  return static_cast<std::size_t>(std::ranges::count(active, 0));
}

template class LayerValues<float>;
template class LayerValues<double>;

}  // namespace fallline
