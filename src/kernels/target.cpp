#include "kernels/target.hpp"

#include <cstdint>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/target.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace fallline::kernels::HWY_NAMESPACE {

std::int64_t target() { return HWY_TARGET; }

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fallline::kernels {

HWY_EXPORT(target);

std::string_view instruction_set() { return hwy::TargetName(HWY_DYNAMIC_DISPATCH(target)()); }

}  // namespace fallline::kernels
#endif
