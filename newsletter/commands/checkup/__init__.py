"""What ``newsletter doctor`` looks at, part by part."""
