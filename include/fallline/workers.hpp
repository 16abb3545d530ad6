#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>

namespace fallline {

/// A few threads that share out numbered pieces of work.
///
/// Which thread does which piece is left open; a computation whose pieces do not depend on the
/// number of threads therefore gives the same bits for any number.
class Workers {
 public:
  /// @param threads  how many, the caller's among them; 0: `usable_threads()`
  /// @throws Error(not_enough_memory) where the system does not start so many
  explicit Workers(std::size_t threads = 0);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  [[nodiscard]] std::size_t threads() const;

  /// The first piece of the share that piece p belongs to. A thread does the pieces of its own
  /// share in order before it takes any of another's.
  [[nodiscard]] std::size_t first_of_share(std::size_t p, std::size_t pieces) const {
    const std::size_t share = ((p + 1) * threads() - 1) / pieces;
    return share * pieces / threads();
  }

  /// Calls `work(i)` once for every i in 0..pieces-1 and returns when all are done; or
  /// `work(i, thread)`, where no two pieces run with the same thread in 0..threads-1 at a time:
  /// room to work in may belong to it. The first exception thrown by a piece is thrown again here.
  /// Not to be called from within a piece.
  template <class Work>
  void for_each(std::size_t pieces, Work&& work) {
    using Callable = std::remove_reference_t<Work>;
    run(
        pieces,
        [](void* w, std::size_t i, std::size_t thread) {
          if constexpr (std::is_invocable_v<Callable&, std::size_t, std::size_t>)
            (*static_cast<Callable*>(w))(i, thread);
          else
            (*static_cast<Callable*>(w))(i);
        },
        const_cast<void*>(static_cast<const void*>(&work)));
  }

  /// Cores this process may use: by its affinity mask and the quotas of its control groups, at
  /// least 1.
  [[nodiscard]] static std::size_t usable_threads();

 private:
  using Function = void (*)(void*, std::size_t, std::size_t);
  void run(std::size_t pieces, Function function, void* work);

  struct Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace fallline
