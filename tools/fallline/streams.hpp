#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

namespace fallline::tool {

/// To be called before anything opens a file: descriptors 0, 1 and 2 are taken where the caller
/// closed them, so that no file of ours gets their numbers. What is written to such a 1 or 2 fails,
/// as it would have. A file that grows beyond `ulimit -f` is an error, too, and no signal.
void secure_streams();

/// Whether all that was printed has reached standard output; says so where it has not.
[[nodiscard]] bool results_arrived();

/// Sends results on their ways, whatever becomes of the others: what took long to compute is not
/// lost to one full disk. Says which failed.
/// @return whether all went well
[[nodiscard]] bool deliver(std::initializer_list<std::function<void()>> ways);

/// Refuses, before the work, to replace a file that is no chart. @throws Error(output)
void require_chart(const std::string& file);

/// Whether a run directory has all its files; says what is missing.
[[nodiscard]] bool whole(const std::vector<std::string>& missing, const std::string& directory);

}  // namespace fallline::tool
